// The graph: where everything is comes from the layout; the counts in the boxes move.

const GRAPH_MARGIN = 6;
const SMALLEST_SCALE = 0.8;  // below that its text can't be read: rather scroll
const SHARES = [['done', 'done'], ['failed', 'failed'], ['cancelled', 'cancelled'], ['running', 'run'],
                ['backing_off', 'back-off'], ['waiting', 'wait'], ['queued', 'wait']];

// Of each node by name: what moves in its box.
const boxes = new Map();
let edges = [];

// The outline says the kind, as its colour does: a source points on, a queue has ribs, a sink is a
// tray. Round the origin, as high and as wide as said.
function outline(kind, width, height) {
  const [w, h] = [width / 2, height / 2];
  const point = Math.min(12, w / 2);
  switch (kind) {
    case 'source': return `M${-w},${-h}H${w - point}L${w},0L${w - point},${h}H${-w}Z`;
    case 'sink': return `M${-w + point},${-h}H${w}V${h}H${-w + point}L${-w},0Z`;
    case 'queue': return `M${-w},${-h}H${w}V${h}H${-w}Z`;
    default: {
      const r = Math.min(10, h);
      return `M${-w + r},${-h}H${w - r}a${r},${r} 0 0 1 ${r},${r}V${h - r}a${r},${r} 0 0 1 ${-r},${r}` +
             `H${-w + r}a${r},${r} 0 0 1 ${-r},${-r}V${-h + r}a${r},${r} 0 0 1 ${r},${-r}Z`;
    }
  }
}

function drawShape(kind, width, height) {
  const parts = [svg('path', {class: 'shape', d: outline(kind, width, height)})];
  if (kind === 'queue') {
    for (const side of [-1, 1]) {
      parts.push(svg('path', {class: 'rib', d: `M${side * (width / 2 - 5)},${-height / 2}V${height / 2}`}));
    }
  }
  return parts;
}

function drawNode(place, node, {x, y, width, height}) {
  const kind = ['source', 'function', 'queue', 'sink'].includes(node.kind) ? node.kind : 'function';
  const line = (className, below) => {
    const made = svg('text', {class: className, x: -width / 2 + 16, y: -height / 2 + below});
    made.room = width - 32;
    return made;
  };
  const box = {
    group: svg('g', {class: `node ${kind}`, transform: `translate(${x},${y})`}),
    kind, title: svg('title'), mark: svg('text', {class: 'mark', x: -width / 2, y: -height / 2 - 6}, 'bottleneck'),
    name: line('name', 19), type: line('kind', 35), now: line('now', 54), ended: line('ended', 70), shares: [],
  };
  box.name.append(cut(shown(place.name), Math.floor(box.name.room / 8.8)));
  const track = {x: -width / 2 + 16, y: height / 2 - 12, width: width - 32, height: 5};
  box.track = track;
  box.group.append(box.title, ...drawShape(kind, width, height), box.mark, box.name, box.type, box.now,
                   box.ended, svg('rect', {class: 'track', ...track}));
  for (const [, key] of SHARES) {
    const share = svg('rect', {class: 'share', ...track, width: 0});
    share.style.fill = `var(--${key})`;
    box.shares.push(share);
    box.group.append(share);
  }
  boxes.set(place.name, box);
  return box.group;
}

function drawEdge(edge) {
  const failures = edge.port === 'failed';
  const path = svg('path', {
    class: failures ? 'edge failures' : 'edge', d: edge.path ?? '', 'data-from': edge.from, 'data-to': edge.to,
  });
  path.append(svg('title', {}, `${shown(edge.from)}.${shown(edge.port ?? 'out')} → ${shown(edge.to)}`));
  return path;
}

// At the end of a path, in the direction of its last stretch. Not an SVG marker: it would have the
// width of its line.
function arrowHead(path) {
  const length = path.getTotalLength();
  if (!length) return [];
  const end = path.getPointAtLength(length), before = path.getPointAtLength(Math.max(0, length - 4));
  const turn = Math.atan2(end.y - before.y, end.x - before.x) * 180 / Math.PI;
  return [svg('path', {
    class: 'head', d: 'M0,0L-9,-4.5V4.5Z', transform: `translate(${end.x},${end.y}) rotate(${turn})`,
  })];
}

// As large as what is in it, and smaller where there is less room.
function frameGraph(picture) {
  const {x, y, width, height} = picture.getBBox();
  const whole = width + 2 * GRAPH_MARGIN;
  picture.setAttribute('viewBox', `${x - GRAPH_MARGIN} ${y - GRAPH_MARGIN} ${whole} ${height + 2 * GRAPH_MARGIN}`);
  picture.style.width = '100%';
  picture.style.maxWidth = `${Math.ceil(whole)}px`;
  picture.style.minWidth = `${Math.round(whole * SMALLEST_SCALE)}px`;
}

function drawGraph(graph, nodes) {
  edges = graph?.edges ?? [];
  const places = (graph?.nodes ?? []).filter((place) => Number.isFinite(place.x) && Number.isFinite(place.width));
  show('graph-section', places.length > 0);
  if (!places.length) return;
  const known = new Map(nodes.map((node) => [node.name, node]));
  const picture = svg('svg', {role: 'group', 'aria-label': `${places.length} nodes, ${edges.length} edges`});

  const paths = edges.map(drawEdge);
  const labels = edges.filter((edge) => edge.label?.text).map(({label}) =>
    svg('text', {class: 'label', x: label.x, y: label.y}, cut(shown(label.text), 24)));
  picture.append(...paths);
  boxes.clear();
  for (const place of places) {
    picture.append(drawNode(place, known.get(place.name) ?? {}, {
      x: place.x + place.width / 2, y: place.y + place.height / 2, width: place.width, height: place.height,
    }));
  }
  picture.append(...labels);
  byId('graph').replaceChildren(picture);
  frameGraph(picture);
  paths.forEach((path) => path.after(...arrowHead(path)));
  byId('graph-legend').replaceChildren(...['source', 'function', 'queue', 'sink'].map((kind) =>
    element('li', {}, svg('svg', {class: `key ${kind}`, viewBox: '-14 -9 28 18'}, ...drawShape(kind, 24, 14)), kind)));
}

// Of each limit that nodes share: its slots.
const limitSlots = new Map();

function takeLimits(limits) {
  for (const limit of limits) if (limit.slots != null) limitSlots.set(limit.name, limit.slots);
}

// "run · limit 3", "run · limit registry 3"
function kindText(node) {
  const shares = (node.limits ?? [])
    .map((name) => `limit ${shown(name)}${limitSlots.has(name) ? ` ${number(limitSlots.get(name))}` : ''}`).join(', ');
  const own = node.limit != null && node.kind !== 'sink' ? `limit ${number(node.limit)}` : shares;
  const limit = own ? ` · ${own}` : '';
  const capacity = node.capacity != null ? ` · room ${number(node.capacity)}` : '';
  return `${shown(node.type ?? node.kind)}${limit}${capacity}`;
}

function waitingAt(node) {
  return (node.waiting ?? 0) + (node.queued ?? 0);
}

// What has left a node by its end. In the report of a run that died a queue has what still lies in it
// as done.
function doneAt(node) {
  const done = node.done ?? 0;
  return node.kind === 'queue' ? Math.max(0, Math.min(done, (node.in ?? done) - (node.waiting ?? 0))) : done;
}

// Sets a line of a box to [class, text]s. Measuring is dear: only what is new is measured.
function setLine(line, entries) {
  const said = JSON.stringify(entries);
  if (line.said === said) return;
  line.said = said;
  const parts = entries.filter(([, text]) => text).map(([className, text]) => svg('tspan', {class: className}, text));
  line.replaceChildren(...parts.flatMap((part, index) => index ? [' · ', part] : [part]));
  squeeze(line);
}

// Makes a line as narrow as its box.
function squeeze(line) {
  line.removeAttribute('textLength');
  if (line.getComputedTextLength() <= line.room) return;
  line.setAttribute('textLength', line.room);
  line.setAttribute('lengthAdjust', 'spacingAndGlyphs');
}

// Items that have gone all the way: done by nodes that nothing reads, but for those that only take failures.
function cameThrough(nodes) {
  const read = new Set(edges.filter(({port}) => port !== 'failed').map(({from}) => from));
  const given = new Set(edges.filter(({port}) => port !== 'failed').map(({to}) => to));
  return nodes.filter(({name}) => given.has(name) && !read.has(name));
}

function moveCounts(nodes, bottleneck) {
  for (const node of nodes) {
    const box = boxes.get(node.name);
    if (!box) continue;
    const waiting = waitingAt(node);
    setLine(box.type, [['', cut(kindText(node), 29)]]);
    // A sink takes one at a time by its nature: that is no news.
    const slots = node.limit != null && box.kind === 'function' ? `/${number(node.limit)}` : '';
    const room = node.capacity != null ? ` of ${number(node.capacity)}` : '';
    const now = box.kind === 'queue'
      ? [['waiting-count', waiting ? `${number(waiting)}${room} in it` : '']]
      : [['running-count', node.running || (slots && !ended()) ? `${number(node.running)}${slots} running` : ''],
         ['waiting-count', waiting ? `${number(waiting)} waiting` : '']];
    setLine(box.now, now);
    setLine(box.ended, [
      ['', `${number(doneAt(node))} ${box.kind === 'source' ? 'given' : box.kind === 'queue' ? 'passed' : 'done'}`],
      ['failed-count', node.failed ? `${number(node.failed)} failed` : ''],
      ['waiting-count', node.backing_off ? `${number(node.backing_off)} to retry` : ''],
      ['', node.cancelled ? `${number(node.cancelled)} cancelled` : '']]);
    box.group.classList.toggle('bottleneck', Boolean(bottleneck?.nodes.includes(node.name)));
    const reason = node.held_by ? `; what waits is ${shown(node.held_by)}` : '';
    setText(box.title, `${cut(shown(node.name), 2000)}: ${kindText(node)}${reason}`);
    moveShares(box, node);
  }
}

function moveShares(box, node) {
  const amounts = SHARES.map(([member]) => Math.max(0, member === 'done' ? doneAt(node) : node[member] ?? 0));
  const total = Math.max(node.in ?? 0, amounts.reduce((sum, amount) => sum + amount, 0));
  let x = box.track.x;
  box.shares.forEach((share, index) => {
    const width = total ? box.track.width * amounts[index] / total : 0;
    share.setAttribute('x', x);
    share.setAttribute('width', width);
    x += width;
  });
}

// Where the graph is larger than its frame: what holds the run back should be seen, until somebody
// begins to look around there.
let revealed = null;
let isExplored = false;

function revealBottleneck(bottleneck) {
  if (isExplored || !bottleneck || bottleneck.node === revealed) return;
  revealed = bottleneck.node;
  const box = boxes.get(bottleneck.node);
  revealRow(nodeRows.get(bottleneck.node)?.row);
  const frame = byId('graph');
  if (!box || (frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight)) return;
  const [inside, outside] = [box.group.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollLeft += inside.left + inside.width / 2 - outside.left - outside.width / 2;
  frame.scrollTop += inside.top + inside.height / 2 - outside.top - outside.height / 2;
}

function revealRow(row) {
  if (!row) return;
  const frame = row.closest('.scroll');
  const [inside, outside] = [row.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (inside.bottom > outside.bottom) frame.scrollTop += inside.bottom - outside.bottom + inside.height;
}

// Whether it is larger than its frame; and then it can be looked at as a whole.
function setFit() {
  const frame = byId('graph');
  if (frame.classList.contains('whole')) return;
  show('graph-buttons', frame.scrollWidth > frame.clientWidth + 1 || frame.scrollHeight > frame.clientHeight + 1);
}

byId('graph-fit').addEventListener('click', () => {
  const whole = byId('graph').classList.toggle('whole');
  byId('graph-fit').setAttribute('aria-pressed', String(whole));
  setText(byId('graph-fit'), whole ? 'Show it so that it can be read' : 'Show all of it');
});

for (const event of ['pointerdown', 'wheel', 'keydown']) {
  byId('graph').addEventListener(event, () => { isExplored = true; }, {passive: true});
}
