// What only a report has: where the time went, and the slowest items.

// The colours of causes. What waits for a limit has a colour of its own for each limit.
const CAUSE_COLOURS = {
  run: 'run', queue: 'wait', worker: 'quiet', 'back-off': 'back-off', 'handed on': 'hand-on', ordered: 'cancelled',
};
const CAUSE_WORDS = {
  run: 'in work', queue: 'waited for room in a queue', worker: 'waited for a thread',
  'back-off': 'waited for the next attempt', 'handed on': 'on the way here',
  ordered: 'waited for its turn in the order',
};
const OTHER_COLOURS = ['cause-1', 'cause-2', 'cause-3', 'cause-4', 'held', 'sink'];

// Without those that nobody could see in a bar.
function causesOf(lists) {
  const totals = new Map();
  for (const causes of lists) {
    for (const [cause, seconds] of Object.entries(causes ?? {})) totals.set(cause, (totals.get(cause) ?? 0) + seconds);
  }
  const all = [...totals.values()].reduce((total, seconds) => total + seconds, 0);
  const names = [...totals.keys()].filter((name) => totals.get(name) >= all / 1000)
    .sort((a, b) => (b === 'run') - (a === 'run') || totals.get(b) - totals.get(a));
  let other = 0;
  return new Map(names.map((name) => [name, {
    colour: CAUSE_COLOURS[name] ?? OTHER_COLOURS[other++ % OTHER_COLOURS.length],
    words: CAUSE_WORDS[name] ?? (name.startsWith('limit ') ? `waited for ${shown(name)}` : shown(name)),
    seconds: totals.get(name),
  }]));
}

function causesBar(parts, causes, most) {
  const bar = element('div', {class: 'bar', role: 'img'});
  const present = [...causes].filter(([name]) => parts[name] > 0);
  fillBar(bar, present.map(([name, cause]) =>
    [cause.colour, parts[name], `${cause.words}: ${duration(parts[name])}`]), most);
  bar.setAttribute('aria-label', present.map(([name, {words}]) => `${words} ${duration(parts[name])}`).join(', '));
  return bar;
}

function sum(parts) {
  return Object.values(parts ?? {}).reduce((total, seconds) => total + seconds, 0);
}

// A cell with "68 % waited for limit push, 30 % in work", the largest first.
function largestShares(parts, causes, count = 3) {
  const total = sum(parts);
  const largest = Object.entries(parts)
    .filter(([name, seconds]) => causes.has(name) && seconds >= total / 200)
    .sort((a, b) => b[1] - a[1]).slice(0, count);
  return element('td', {class: 'quiet'}, ...largest.flatMap(([name, seconds], index) => [
    index ? ', ' : '', `${Math.round(100 * seconds / total)}\u00a0% `,
    element('bdi', {}, cut(causes.get(name).words, 60))]));
}

function showWhere(where) {
  const entries = Object.entries(where?.nodes ?? {}).filter(([, parts]) => sum(parts) > 0);
  show('where-section', entries.length > 0);
  if (!entries.length) return;
  const causes = causesOf(entries.map(([, parts]) => parts));
  const most = Math.max(...entries.map(([, parts]) => sum(parts)));
  const all = where.wall_seconds_of_items ?? entries.reduce((total, [, parts]) => total + sum(parts), 0);
  legend('where-legend', [...causes.values()].map(({colour: key, words, seconds}) =>
    [key, `${cut(words, 60)}: ${duration(seconds)}`]));
  const body = tableBody('where', [['Node'], ['Items’ time', true], ['Share', true], ['By cause'], ['']]);
  for (const [name, parts] of entries) {
    const total = sum(parts);
    const bar = causesBar(parts, causes, most);
    body.append(element('tr', {}, element('th', {scope: 'row'}, named(name)), cell(duration(total), 'number'),
      cell(all > 0 ? `${Math.round(100 * total / all)}\u00a0%` : '', 'number'), cell(bar, 'wide'),
      largestShares(parts, causes)));
  }
}

function showSlowest(items) {
  show('slowest-section', items.length > 0);
  if (!items.length) return;
  const causes = causesOf(items.map((item) => item.parts));
  const most = Math.max(...items.map((item) => item.seconds));
  legend('slowest-legend', [...causes.values()].map(({colour: key, words}) => [key, cut(words, 60)]));
  const body = tableBody('slowest', [['Item'], ['Node'], ['Took', true], ['Of which'], ['']]);
  for (const item of items) {
    const parts = item.parts ?? {};
    body.append(element('tr', {}, element('th', {scope: 'row'}, named(item.item)), cell(named(item.node)),
      cell(duration(item.seconds), 'number'), cell(causesBar(parts, causes, most), 'wide'),
      largestShares(parts, causes)));
  }
}
