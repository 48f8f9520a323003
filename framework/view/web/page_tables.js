// The tables: nodes with their course, running items, failures, limits.

// Sets the heads of a table once, and gives its body. A head is [text, is a number].
function tableBody(id, heads) {
  const table = byId(id);
  if (!table.tHead) {
    const row = element('tr');
    for (const [text, isNumber] of heads) {
      row.append(element('th', {scope: 'col', class: isNumber ? 'number' : null}, text));
    }
    table.append(element('thead', {}, row), element('tbody'));
  }
  return table.tBodies[0];
}

function cell(content, className = null) {
  return element('td', {class: className}, content);
}

// Rows stay what they are and only their numbers change: what is selected or scrolled to stays too.
const nodeRows = new Map();

const NODE_HEADS = [['Node'], ['Type'], ['Running', true], ['Waiting', true], ['Waits for'], ['Done', true],
                    ['Failed', true], ['Rate', true], ['Waiting and running over time']];

function nodeRow(node) {
  const row = element('tr', {}, element('th', {scope: 'row'}, named(node.name)), cell(named(kindText(node))));
  for (const [, isNumber] of NODE_HEADS.slice(2, -1)) row.append(cell('', isNumber ? 'number' : null));
  const spark = element('canvas', {class: 'spark', role: 'img'});
  row.append(cell(spark));
  return {row, cells: row.cells, spark};
}

function waitsFor(node) {
  if (node.held_by) return shown(node.held_by);
  return node.backing_off ? `${number(node.backing_off)} for their next attempt` : '';
}

// Of a run that is over nothing runs or waits any more: then it is the most that did.
function countsOf(node, isPast) {
  if (!isPast) return [number(node.running), number(waitingAt(node))];
  return [number(peakOf(node, 'running')), number(peakOf(node, 'waiting'))];
}

function showNodes(nodes, bottleneck, seconds) {
  const body = tableBody('nodes', NODE_HEADS);
  const isPast = ended() && nodes.every((node) => !node.running && !waitingAt(node) && !node.backing_off);
  const heads = byId('nodes').tHead.rows[0].cells;
  setText(heads[2], isPast ? 'Most running' : 'Running');
  setText(heads[3], isPast ? 'Most waiting' : 'Waiting');
  byId('nodes').classList.toggle('without-reasons', isPast);
  for (const node of nodes) {
    if (!nodeRows.has(node.name)) {
      const made = nodeRow(node);
      nodeRows.set(node.name, made);
      body.append(made.row);
    }
    const {row, cells, spark} = nodeRows.get(node.name);
    row.dataset.node = node.name;
    row.classList.toggle('bottleneck', Boolean(bottleneck?.nodes.includes(node.name)));
    const limit = node.limit != null && node.kind !== 'sink' ? ` / ${number(node.limit)}` : '';
    const [running, waiting] = countsOf(node, isPast);
    const texts = [node.kind === 'queue' ? '' : running + limit, waiting,
                   cut(waitsFor(node)), number(doneAt(node)), number(node.failed),
                   rate(rateOf(node, seconds))];
    texts.forEach((text, index) => setText(cells[index + 2], text));
    cells[6].classList.toggle('bad', node.failed > 0);
    spark.setAttribute('aria-label', `now ${number(waitingAt(node))} waiting, ${number(node.running)} running`);
    drawSpark(spark, untilNow(seriesOf(node.name), node, seconds));
  }
  show('nodes-section', nodes.length > 0);
}

const RUNNING_HEADS = [['Node'], ['Item'], ['For', true], ['Attempt', true], ['Last line of its output']];

function showRunning(items, nodes) {
  const body = tableBody('running', RUNNING_HEADS);
  const sorted = [...items].sort((a, b) => b.seconds - a.seconds);
  while (body.rows.length > sorted.length) body.lastChild.remove();
  sorted.forEach((item, index) => {
    let row = body.rows[index];
    const identity = `${item.node}\n${item.number}\n${item.item}`;
    if (!row || row.identity !== identity) {
      const made = element('tr', {}, cell(named(item.node)), cell(named(item.item)), cell('', 'number'),
        cell('', 'number'), cell(''));
      if (row) row.replaceWith(made); else body.append(made);
      row = made;
      row.identity = identity;
    }
    setText(row.cells[2], duration(item.seconds));
    setText(row.cells[3], number(item.attempt ?? 1));
    const line = shown(item.last_line);
    if (row.line !== line) row.cells[4].replaceChildren(named(item.last_line, 'clip mono'));
    row.line = line;
  });
  byId('running').classList.toggle('without-lines', sorted.every((item) => !item.last_line));
  const all = nodes.reduce((sum, node) => sum + (node.running ?? 0), 0);
  setText(byId('running-count'),
    sorted.length < all ? `the ${number(sorted.length)} longest of ${number(all)}` : number(sorted.length));
  show('running-section', sorted.length > 0);
}

// Of a command of a run that still answers: all that it wrote, as plain text.
function logLink(failure) {
  const query = new URLSearchParams({node: failure.node, item: failure.number});
  return element('a', {href: `/log?${query}`, target: '_blank', rel: 'noopener'}, named(failure.log, 'whole'));
}

// "`make all` exited with status 2" without the command: that may be long, and is the same for all.
function withoutCommand(error) {
  return String(error ?? '').replace(/^`[^]*` (?=\S)/, '');
}

// Of what a command wrote last: the line that is most likely to say what went wrong.
function tellingLine(tail) {
  const lines = tail.filter((line) => line.trim());
  const tells = (line) => /error|fatal|fail|denied|refused|reset|cannot|can't|no such|not found|panic/i.test(line);
  const last = lines[lines.length - 1] ?? '';
  return tells(last) ? last : lines.find(tells) ?? last;
}

function failureDetails(failure, isLive) {
  const facts = element('dl');
  const fact = (name, value, className) => {
    if (value === undefined || value === null || value === '') return;
    const content = value instanceof Node ? value : named(value, 'whole');
    facts.append(element('dt', {}, name), element('dd', {class: className ?? null}, content));
  };
  fact('node', failure.node);
  fact('item', failure.item);
  fact('error', failure.error && named(failure.error, 'whole', cutInside), 'bad');
  fact('exit status', failure.status);
  fact('attempts', failure.attempts);
  if (Number.isFinite(failure.seconds)) fact('took', duration(failure.seconds));
  fact('log', isLive && failure.log && failure.number !== undefined ? logLink(failure) : failure.log, 'mono');
  const tail = failure.tail ?? [];
  return element('details', {},
    element('summary', {}, element('b', {}, named(failure.node)), named(failure.item), ' ',
      element('span', {class: 'bad'}, named(withoutCommand(failure.error), 'whole', cutInside)), ' ',
      named(tellingLine(tail).trim(), 'telling mono')),
    facts,
    ...(tail.length ? [element('p', {class: 'quiet'}, `The last ${plural(tail.length, 'line')} that it wrote`),
                       element('pre', {}, tail.map((line) => cut(shown(line), 4000)).join('\n'))] : []));
}

// A failure is written once, so that what is open stays open while others come and go.
let failuresShown = new Map();

function showFailures(failures, nodes, isLive) {
  const now = new Map(), isFirst = failuresShown.size === 0;
  for (const failure of failures) {
    const {node, item, number: its, attempts, seconds} = failure;
    const key = JSON.stringify([node, item, its, attempts, seconds]);
    if (!now.has(key)) now.set(key, failuresShown.get(key) ?? failureDetails(failure, isLive));
  }
  const before = [...failuresShown.keys()], after = [...now.keys()];
  if (before.length !== after.length || before.some((key, index) => key !== after[index])) {
    byId('failures').replaceChildren(...now.values());
    // Of a report one is open, so that it is seen that they open.
    if (isFirst && !isLive && now.size) now.values().next().value.open = true;
  }
  failuresShown = now;
  const all = Math.max(failures.length, nodes.reduce((sum, node) => sum + (node.failed ?? 0), 0));
  setText(byId('failures-count'), failures.length < all ? `${number(failures.length)} of ${number(all)}` : number(all));
  show('failures-section', all > 0);
}

const LIMIT_HEADS = [['Limit'], ['Key'], ['Taken', true], ['Running', true], ['Waiting', true], ['Pause', true],
                     ['Held by']];

function limitRow(limit, state) {
  const holders = state.holders ?? [];
  const held = holders.slice(0, 5).flatMap((holder, index) =>
    [index ? ', ' : '', named(limit.is_own ? holder.item : `${holder.node} ${holder.item}`),
     ` for ${duration(holder.seconds)}`]);
  if (holders.length > 5) held.push(` and ${number(holders.length - 5)} more`);
  return element('tr', {}, element('th', {scope: 'row'}, named(limit.name)), cell(named(state.key)),
    cell(number(state.taken) + (limit.slots != null ? ` / ${number(limit.slots)}` : ''), 'number'),
    cell(number(state.running), 'number'), cell(number(state.waiting), 'number'),
    cell(state.paused_for ? duration(state.paused_for) : '', 'number'), element('td', {}, ...held));
}

function showLimits(limits) {
  // A node's own limit that nobody is at says nothing that the node's row doesn't.
  const isTold = (limit, state) => !limit.is_own || state.taken || state.running || state.waiting;
  const rows = limits.flatMap((limit) =>
    (limit.states ?? []).filter((state) => isTold(limit, state)).map((state) => limitRow(limit, state)));
  tableBody('limits', LIMIT_HEADS).replaceChildren(...rows);
  const states = limits.flatMap((limit) => limit.states ?? []);
  byId('limits').classList.toggle('without-keys', !states.some((state) => state.key));
  byId('limits').classList.toggle('without-pauses', !states.some((state) => state.paused_for));
  show('limits-section', rows.length > 0);
}
