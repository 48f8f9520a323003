// The timeline: a lane for each item that a node had in work at once, on one canvas. What is seen is
// a stretch of time, `view`; spans that are thinner than a pixel are drawn as one.

const AXIS_HEIGHT = 22;
const NODE_GAP = 8;
const WANTED_HEIGHT = 500;  // of all lanes together, if that leaves them high enough to be seen
const HIGHEST_CANVAS = 12000;  // CSS pixels; browsers refuse canvases that are much higher
// How an attempt ended, as framework/view/record/timeline.cpp has it, the worst last.
const KINDS = {
  done: {colour: 'run', word: 'done', took: 'done after'},
  running: {colour: 'wait', word: 'not ended', took: 'not ended after'},
  cancelled: {colour: 'cancelled', word: 'cancelled', took: 'cancelled after'},
  failed: {colour: 'failed', word: 'failed', took: 'failed after'},
};
const KINDS_IN_ORDER = Object.keys(KINDS);

const timeline = {lanes: [], items: [], end: 1, view: {begin: 0, end: 1}, labels: 0, height: 0, selected: null};

function showTimeline(given, seconds) {
  const lanes = (given?.lanes ?? []).filter((lane) => lane.spans?.length);
  show('timeline-section', lanes.length > 0);
  if (!lanes.length) return;
  timeline.items = given.items ?? [];
  // A run may go on when its last attempt has ended.
  timeline.end = Math.max(1, 1000 * (seconds ?? 0), ...lanes.map(({spans}) => spans[spans.length - 1][0] + spans[spans.length - 1][1]));
  timeline.view = {begin: 0, end: timeline.end};
  placeLanes(lanes);
  const hidden = lanes.length - timeline.lanes.length + (given.hidden_lanes ?? 0);
  setText(byId('timeline-hidden'), hidden ? `${plural(hidden, 'more row')} would not fit.` : '');
  const kinds = new Set(timeline.lanes.flatMap(({spans}) => spans.map(([, , , kind]) => kind)));
  legend('timeline-legend',
    KINDS_IN_ORDER.filter((kind) => kinds.has(kind)).map((kind) => [KINDS[kind].colour, KINDS[kind].word]));
  listenToTimeline();
  drawTimeline();
}

function placeLanes(lanes) {
  const high = Math.min(16, Math.max(lanes.length > 1000 ? 2 : 4, Math.floor(WANTED_HEIGHT / lanes.length)));
  let y = AXIS_HEIGHT, node = null;
  timeline.lanes = [];
  for (const lane of lanes) {
    const first = lane.node !== node;
    if (first && node !== null) y += NODE_GAP;
    // The first lane of a node is high enough for its name.
    const height = first ? Math.max(high, 14) : high;
    if (y + height > HIGHEST_CANVAS) break;
    timeline.lanes.push({...lane, y, height, first});
    node = lane.node;
    y += height;
  }
  timeline.height = y + 4;
}

// Index of the first span that ends behind a moment.
function firstSpanBehind(spans, moment) {
  let low = 0, high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle][0] + spans[middle][1] <= moment) low = middle + 1; else high = middle;
  }
  return low;
}

function timelineWidth() {
  return byId('timeline').clientWidth;
}

function xOf(moment) {
  const {begin, end} = timeline.view;
  return timeline.labels + (moment - begin) / (end - begin) * (timelineWidth() - timeline.labels);
}

function momentAt(x) {
  const {begin, end} = timeline.view;
  return begin + (x - timeline.labels) / (timelineWidth() - timeline.labels) * (end - begin);
}

// 1, 2 or 5 times a power of ten, or whole seconds, minutes, hours: about `count` of them.
function tickStep(span, count) {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5,
                 36e5, 72e5, 216e5, 432e5, 864e5];
  return steps.find((step) => span / step <= count) ?? 864e5 * Math.ceil(span / count / 864e5);
}

// No more of the seconds than the ticks differ in.
function tickText(seconds, step) {
  if (seconds >= 60) return duration(seconds);
  return `${seconds.toFixed(step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3)}s`;
}

function drawAxis(context, width) {
  const {begin, end} = timeline.view;
  const step = tickStep(end - begin, Math.max(2, (width - timeline.labels) / 90));
  context.fillStyle = colour('quiet');
  context.strokeStyle = colour('line');
  context.lineWidth = 1;
  for (let moment = Math.ceil(begin / step) * step; moment <= end; moment += step) {
    const x = Math.round(xOf(moment)) + 0.5;
    context.beginPath();
    context.moveTo(x, AXIS_HEIGHT - 6);
    context.lineTo(x, timeline.height);
    context.stroke();
    const text = moment ? tickText(moment / 1000, step / 1000) : '0';
    const room = width - context.measureText(text).width;
    context.fillText(text, Math.min(x + 3, room), 11);
  }
}

// What is worse is drawn later: it stays to be seen in a pixel that it shares.
function drawLane(context, lane, width, colours) {
  const first = firstSpanBehind(lane.spans, timeline.view.begin);
  for (const kind of KINDS_IN_ORDER) {
    context.fillStyle = colours[kind];
    drawKind(context, lane, width, first, kind);
  }
}

function drawKind(context, lane, width, first, wanted) {
  const {end} = timeline.view;
  let covered = -1;
  for (let index = first; index < lane.spans.length; ++index) {
    const [start, taken, , kind] = lane.spans[index];
    if (start > end) break;
    if (kind !== wanted) continue;
    const begin = Math.max(timeline.labels, xOf(start));
    // A whole pixel at least, of one colour.
    const left = xOf(start + taken) - begin < 1 ? Math.floor(begin) : begin;
    const right = Math.min(width, Math.max(left + 1, xOf(start + taken)));
    // Those that end in a pixel that is painted already add nothing.
    if (right <= covered) continue;
    // A gap between neighbours, where there is room for one.
    context.fillRect(left, lane.y, right - left > 3 ? right - left - 1 : right - left, Math.max(1, lane.height - 1));
    covered = right;
  }
}

function drawTimeline() {
  const width = timelineWidth();
  if (!width || !timeline.lanes.length) return;
  timeline.labels = Math.min(180, Math.round(width * 0.25));
  const canvas = byId('timeline-canvas');
  canvas.style.width = `${width}px`;
  canvas.style.height = `${timeline.height}px`;
  const context = fitCanvas(canvas, width, timeline.height);
  context.font = '12px system-ui, "DejaVu Sans", sans-serif';
  context.textBaseline = 'middle';
  drawAxis(context, width);
  const colours = Object.fromEntries(KINDS_IN_ORDER.map((kind) => [kind, colour(KINDS[kind].colour)]));
  const ink = colour('ink');
  for (const lane of timeline.lanes) {
    drawLane(context, lane, width, colours);
    if (!lane.first) continue;
    context.fillStyle = ink;
    context.fillText(fitted(context, shown(lane.node), timeline.labels - 8), 0, lane.y + lane.height / 2);
  }
  markSelected(context);
}

function markSelected(context) {
  if (!timeline.selected) return;
  const {lane, span} = timeline.selected;
  const left = Math.max(timeline.labels, xOf(span[0]));
  const right = Math.max(left + 2, xOf(span[0] + span[1]));
  if (right < timeline.labels || left > timelineWidth()) return;
  context.strokeStyle = colour('ink');
  context.lineWidth = 2;
  context.strokeRect(left, lane.y, right - left, lane.height);
}

function fitted(context, text, width) {
  let short = cut(text, 60);
  while (short.length > 2 && context.measureText(short).width > width) short = cut(short, short.length - 2);
  return short;
}

function spanAt(x, y) {
  const lane = timeline.lanes.find((one) => y >= one.y && y < one.y + one.height);
  if (!lane || x < timeline.labels) return null;
  // Half a pixel's worth of grace, for those that are thinner.
  const grace = (timeline.view.end - timeline.view.begin) / timelineWidth();
  const rank = ([, , , kind]) => KINDS_IN_ORDER.indexOf(kind);
  let worst = null;
  for (let index = firstSpanBehind(lane.spans, momentAt(x) - grace); index < lane.spans.length; ++index) {
    const span = lane.spans[index];
    if (span[0] > momentAt(x) + grace) break;
    // Of those that share the pixel, the one that is seen.
    if (!worst || rank(span) > rank(worst)) worst = span;
  }
  return worst && {lane, span: worst};
}

function spanText({lane, span}) {
  const [start, taken, item, kind, attempts, ofKind] = span;
  const {word, took} = KINDS[kind] ?? {word: shown(kind), took: shown(kind)};
  const where = `${shown(lane.node)}, row ${number((lane.slot ?? 0) + 1)}`;
  const from = `from ${duration(start / 1000)}`;
  if (attempts > 1) {
    return `${number(attempts)} attempts, ${ofKind < attempts ? number(ofKind) : 'all'} ${word}\n${where}\n` +
           `in ${duration(taken / 1000)}, ${from}`;
  }
  return `${cut(shown(timeline.items[item] ?? item), 120)}\n${where}\n${took} ${duration(taken / 1000)}, ${from}`;
}

// Once a frame is enough, however many events come.
let drawingSoon = false;

function drawSoon() {
  if (drawingSoon) return;
  drawingSoon = true;
  requestAnimationFrame(() => {
    drawingSoon = false;
    drawTimeline();
  });
}

// Keeps the stretch within the run, and at least a millisecond long.
function setView(begin, length) {
  const long = Math.min(timeline.end, Math.max(1, length));
  const start = Math.min(Math.max(0, begin), timeline.end - long);
  timeline.view = {begin: start, end: start + long};
  drawSoon();
}

function zoom(factor, around) {
  const {begin, end} = timeline.view;
  const middle = around ?? (begin + end) / 2;
  setView(middle - (middle - begin) * factor, (end - begin) * factor);
}

function pan(share) {
  const {begin, end} = timeline.view;
  setView(begin + (end - begin) * share, end - begin);
}

function select(chosen) {
  timeline.selected = chosen;
  setText(byId('timeline-selected'), chosen ? spanText(chosen).replaceAll('\n', ' · ') : '');
  drawSoon();
}

// The next or last span, in this lane or the one below or above, brought into view.
function selectNeighbour(step) {
  const {lanes, selected} = timeline;
  let lane = selected ? lanes.indexOf(selected.lane) : 0;
  let index = selected ? selected.lane.spans.indexOf(selected.span) + step : 0;
  if (index < 0 && lane > 0) index = lanes[--lane].spans.length - 1;
  if (index >= lanes[lane].spans.length && lane + 1 < lanes.length) [lane, index] = [lane + 1, 0];
  const span = lanes[lane].spans[index];
  if (!span) return;
  select({lane: lanes[lane], span});
  const {begin, end} = timeline.view;
  if (span[0] < begin || span[0] > end) setView(span[0] - (end - begin) / 2, end - begin);
  const frame = byId('timeline');
  const {y} = lanes[lane];
  frame.scrollTop = Math.max(0, Math.min(frame.scrollTop, y - AXIS_HEIGHT), y + 30 - frame.clientHeight);
}

const TIMELINE_KEYS = {
  ArrowLeft: () => pan(-0.15), ArrowRight: () => pan(0.15), '+': () => zoom(0.7), '=': () => zoom(0.7),
  '-': () => zoom(1 / 0.7), 0: () => setView(0, timeline.end),
  Home: () => setView(0, timeline.view.end - timeline.view.begin),
  End: () => setView(timeline.end, timeline.view.end - timeline.view.begin),
  ']': () => selectNeighbour(1), '[': () => selectNeighbour(-1), Escape: () => select(null),
};

function listenToTimeline() {
  const frame = byId('timeline'), canvas = byId('timeline-canvas');
  frame.addEventListener('keydown', (event) => {
    const act = TIMELINE_KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  canvas.addEventListener('wheel', (event) => {
    const sideways = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY * 0.002), momentAt(event.offsetX));
    else if (sideways) pan(sideways / timelineWidth());
    else return;  // the page's own
    event.preventDefault();
  }, {passive: false});
  listenToDrag(canvas);
  byId('timeline-in').addEventListener('click', () => zoom(0.5));
  byId('timeline-out').addEventListener('click', () => zoom(2));
  byId('timeline-all').addEventListener('click', () => setView(0, timeline.end));
}

function listenToDrag(canvas) {
  let from = null, moved = false;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = {x: event.offsetX, view: timeline.view};
    moved = false;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!from) {
      showTip(event);
      return;
    }
    moved ||= Math.abs(event.offsetX - from.x) > 3;
    const long = from.view.end - from.view.begin;
    if (moved) setView(from.view.begin - (event.offsetX - from.x) / (timelineWidth() - timeline.labels) * long, long);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (from && !moved) select(spanAt(event.offsetX, event.offsetY));
    from = null;
  });
  canvas.addEventListener('pointercancel', () => { from = null; });
  canvas.addEventListener('pointerleave', () => show('timeline-tip', false));
}

function showTip(event) {
  const found = spanAt(event.offsetX, event.offsetY);
  const tip = byId('timeline-tip');
  show('timeline-tip', found !== null);
  if (!found) return;
  setText(tip, spanText(found));
  const right = event.offsetX + 14 + tip.offsetWidth > timelineWidth();
  tip.style.left = `${right ? Math.max(0, event.offsetX - tip.offsetWidth - 14) : event.offsetX + 14}px`;
  tip.style.top = `${event.offsetY + 16}px`;
}
