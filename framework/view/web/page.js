// Takes what is shown, once from the page itself or again and again from the run, and shows it.

const STATE_WORDS = {
  running: 'running', stopping: 'stopping', ending: 'ending what still runs', done: 'done',
  failed: 'ended, with failures', stopped: 'stopped', crashed: 'died before its end', error: 'ended with an error',
  gone: 'does not answer',
};

const MOST_REASONS = 3;  // beside the first; the others are a click away

let state = 'running';
let graph = null;  // it comes once
let hasRecord = false;
// The last ones, and how many there had been then.
let failures = [], failuresTotal = 0;

// The run is over, whether or not all went well.
function ended() {
  return !['running', 'stopping', 'ending'].includes(state);
}

function showNotice(text) {
  setText(byId('notice'), text);
  show('notice', text !== '');
}

function sumOf(nodes, member) {
  return nodes.reduce((total, node) => total + (node[member] ?? 0), 0);
}

// An estimate: no more of the seconds than it can know.
function aboutTime(seconds) {
  if (seconds < 1) return 'under 1s';
  return `about ${seconds < 60 ? `${Math.round(seconds)}s` : duration(seconds)}`;
}

function totalsOf(data) {
  const run = data.run ?? {}, nodes = data.nodes;
  const waiting = nodes.reduce((total, node) => total + (node.kind === 'queue' ? 0 : waitingAt(node)), 0);
  const totals = [[ended() ? 'took' : 'for', duration(run.seconds)]];
  if (run.left && !ended()) totals.push(['still to go', aboutTime(run.left)]);
  const sources = nodes.filter((node) => node.kind === 'source');
  if (sources.length) totals.push(['items given', number(sumOf(sources, 'done'))]);
  const running = sumOf(nodes, 'running');
  // Of a run that died it is what it was at.
  if (!ended() || running) totals.push(['running', number(running), 'run']);
  if (!ended() || waiting) totals.push(['waiting', number(waiting), 'wait']);
  const retries = sumOf(nodes, 'backing_off');
  if (retries) totals.push(['to be tried again', number(retries), 'back-off']);
  const last = cameThrough(nodes);
  if (last.length) totals.push(['came through', number(sumOf(last, 'done')), 'done']);
  totals.push(['failed', number(sumOf(nodes, 'failed')), 'failed']);
  const cancelled = sumOf(nodes, 'cancelled');
  if (cancelled) totals.push(['cancelled', number(cancelled), 'cancelled']);
  if (run.threads) totals.push(['threads', number(run.threads)]);
  if (run.exit_code != null) totals.push(['exit status', String(run.exit_code)]);
  return totals;
}

function showTotals(data) {
  const list = byId('totals');
  const totals = totalsOf(data);
  list.replaceChildren(...totals.map(([name, text, key]) => element('div', {},
    element('dt', {}, ...(key ? [patch(key)] : []), name),
    element('dd', {class: name === 'failed' && text !== '0' ? 'failed' : null, 'data-total': name}, text))));
}

// Of the work that functions have had so far: what is done, runs and waits.
function showProgress(nodes) {
  const functions = nodes.filter((node) => node.kind === 'function' || node.kind === 'sink');
  const members = [['done', 'done'], ['failed', 'failed'], ['cancelled', 'cancelled'], ['running', 'run'],
                   ['backing_off', 'back-off']];
  const shares = members
    .map(([member, key]) => [key, sumOf(functions, member), member.replace('_', ' ')]);
  shares.push(['wait', functions.reduce((total, node) => total + waitingAt(node), 0), 'waiting']);
  const total = shares.reduce((all, [, amount]) => all + amount, 0);
  const bar = byId('progress');
  fillBar(bar, shares.map(([key, amount, word]) => [key, amount, `${number(amount)} ${word}`]), total);
  const present = shares.filter(([, amount]) => amount);
  bar.setAttribute('aria-label', present.map(([, amount, word]) => `${number(amount)} ${word}`).join(', '));
  show('progress', total > 0);
}

function fillWhy(id, lines) {
  const list = byId(id);
  while (list.childElementCount > lines.length) list.lastChild.remove();
  lines.forEach((line, index) => {
    if (!list.children[index]) list.append(element('li', {}, element('bdi')));
    setText(list.children[index].firstChild, line);
  });
}

function showHeld(bottleneck, why) {
  const text = bottleneck?.text || why[0];
  show('held', Boolean(text));
  if (!text) return;
  const names = bottleneck?.names ?? '';  // what the sentence begins with
  setText(byId('held-heading'), ended() ? 'What held it back' : 'What holds it back');
  setText(byId('held-node'), cut(shown(names), 60));
  setText(byId('held-text'), cut(shown(text.slice(names.length)), 600));
  const others = why.filter((line) => line !== text).map((line) => cut(shown(line), 600));
  fillWhy('why', others.slice(0, MOST_REASONS));
  fillWhy('why-more', others.slice(MOST_REASONS));
  show('why-rest', others.length > MOST_REASONS);
  setText(byId('why-count'), `${number(others.length - MOST_REASONS)} more`);
}

// For those who hear the page: what holds the run back changes with every count, so only now and then, and then
// what is true by then. The end is said at once.
const SPOKEN_EVERY = 15000;  // ms
let spokenAt = -SPOKEN_EVERY;
let toSpeak = '';
let speaking = null;  // a timer

function speak() {
  clearTimeout(speaking);
  speaking = null;
  if (byId('spoken').textContent === toSpeak) return;
  byId('spoken').textContent = toSpeak;
  spokenAt = performance.now();
}

function tell() {
  const said = [ended() && !byId('failed').hidden && byId('failed-text').textContent,
                !byId('held').hidden && byId('bottleneck').textContent];
  toSpeak = said.filter(Boolean).join('. ');
  if (ended()) speak();
  else speaking ??= setTimeout(speak, Math.max(0, spokenAt + SPOKEN_EVERY - performance.now()));
}

// "5 items failed: 3 at compile, 2 at test", the most first.
function showFailed(nodes) {
  const failing = nodes.filter((node) => node.failed > 0).sort((a, b) => b.failed - a.failed);
  show('failed', failing.length > 0);
  if (!failing.length) return;
  const MOST = 4;
  const where = failing.slice(0, MOST).map((node) => `${number(node.failed)} at ${cut(shown(node.name), 60)}`);
  if (failing.length > MOST) where.push(`the others at ${plural(failing.length - MOST, 'node')}`);
  setText(byId('failed-text'), `${plural(sumOf(failing, 'failed'), 'item')} failed: ${where.join(', ')}`);
}

function showState(name) {
  const pill = byId('state');
  pill.className = `state ${name}`;
  setText(pill, STATE_WORDS[name] ?? shown(name));
}

function showHead(data) {
  const run = data.run ?? {};
  state = run.state ?? state;
  hasRecord = Boolean(run.id);
  const pipeline = cut(shown(run.pipeline ?? 'weir'), 200);
  const heading = byId('pipeline');
  if (heading.textContent !== pipeline) heading.replaceChildren(named(run.pipeline ?? 'weir', 'whole'));
  showState(state);
  const title = `${pipeline}: ${STATE_WORDS[state] ?? state}`;
  if (document.title !== title) document.title = title;
  const started = run.started ? new Date(run.started) : null;
  const since = started && !Number.isNaN(started.getTime()) ? `, started ${started.toLocaleString('sv')}` : '';
  setText(byId('run'), run.id ? `run ${cut(shown(run.id), 100)}${since}` : since.slice(2));
}

function showData(data) {
  data = {...data, nodes: data.nodes ?? []};
  if (data.series) takeSeries(data.series);
  if (data.point) takePoint(data.point);
  if (data.failures) [failures, failuresTotal] = [data.failures, data.failures_total];
  takeLimits(data.limits ?? []);
  showHead(data);
  showProgress(data.nodes);
  showHeld(data.bottleneck, data.why ?? []);
  showFailed(data.nodes);
  tell();
  graph ??= data.graph;
  // Before the run has begun it isn't known what the nodes are.
  if (graph && !boxes.size && data.nodes.length) drawGraph(graph, data.nodes);
  showTotals(data);
  moveCounts(data.nodes, data.bottleneck);
  setFit();
  redraw = () => showNodes(data.nodes, data.bottleneck, data.run?.seconds);
  redraw();
  revealBottleneck(data.bottleneck);
  showRunning(ended() ? [] : data.running ?? [], data.nodes);
  showFailures(failures, data.nodes, data.mode === 'live');
  showLimits(ended() ? [] : data.limits ?? []);
}

// Canvases don't follow a change of size or of colours by themselves.
let redraw = () => {};

function redrawAll() {
  redraw();
  setFit();
  drawCharts();
  drawTimeline();
}

function showReport(data) {
  showData(data);
  showTimeline(data.timeline, data.run?.seconds);
  showWhere(data.where);
  showSlowest(data.slowest ?? []);
  showCharts(data.nodes ?? []);
}

function sayEnded() {
  if (!ended()) showNotice('The run has ended. This is how it stood when it was last heard of.');
  else showNotice(`The run has ended.${hasRecord ? ' There is more in a report: weir report -o report.html' : ''}`);
}

function follow() {
  const events = new EventSource('/events');
  events.addEventListener('message', (message) => {
    showNotice('');
    const data = JSON.parse(message.data);
    showData(data);
    // We were too slow for the events that had them: a new stream begins with them.
    if (data.failures_total !== failuresTotal) {
      events.close();
      follow();
    }
  });
  events.addEventListener('end', () => {
    events.close();
    sayEnded();
  });
  events.addEventListener('error', () => {
    showNotice('No connection to the run: what is shown is what was last heard of. Trying again.');
    showState('gone');
    // A browser tries again by itself unless it was answered with something that is no stream.
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  });
}

legend('nodes-legend', [['wait', 'waiting'], ['run', 'running']]);
window.addEventListener('resize', () => requestAnimationFrame(redrawAll));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);

const embedded = byId('weir-data');
if (embedded) showReport(JSON.parse(embedded.textContent)); else follow();
