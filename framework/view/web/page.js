// Takes what is shown, once from the page itself or again and again from the run, and shows it.

const STATE_WORDS = {
  running: 'running', stopping: 'stopping', ending: 'ending what still runs', done: 'done',
  failed: 'ended, with failures', stopped: 'stopped', killed: 'died', error: 'ended with an error',
};

const MOST_REASONS = 3;  // beside the first; the others are a click away

let state = 'running';
let graphDrawn = false;
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
  if (run.left) totals.push(['still to go', aboutTime(run.left)]);
  const sources = nodes.filter((node) => node.kind === 'source');
  if (sources.length) totals.push(['items given', number(sumOf(sources, 'done'))]);
  if (!ended()) totals.push(['running', number(sumOf(nodes, 'running'))], ['waiting', number(waiting)]);
  const retries = sumOf(nodes, 'backing_off');
  if (retries) totals.push(['to be tried again', number(retries)]);
  const last = cameThrough(nodes);
  if (last.length) totals.push(['came through', number(sumOf(last, 'done'))]);
  totals.push(['failed', number(sumOf(nodes, 'failed'))]);
  const cancelled = sumOf(nodes, 'cancelled');
  if (cancelled) totals.push(['cancelled', number(cancelled)]);
  if (run.threads) totals.push(['threads', number(run.threads)]);
  if (run.exit_code != null) totals.push(['exit status', String(run.exit_code)]);
  return totals;
}

function showTotals(data) {
  const list = byId('totals');
  const totals = totalsOf(data);
  list.replaceChildren(...totals.map(([name, text]) => element('div', {}, element('dt', {}, name),
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
  setText(byId('held-heading'), ended() ? 'What held it back' : 'What holds it back');
  setText(byId('bottleneck'), cut(shown(text), 600));
  speak(cut(shown(text), 200));
  const others = why.filter((line) => line !== text).map((line) => cut(shown(line), 600));
  fillWhy('why', others.slice(0, MOST_REASONS));
  fillWhy('why-more', others.slice(MOST_REASONS));
  show('why-rest', others.length > MOST_REASONS);
  setText(byId('why-count'), `${number(others.length - MOST_REASONS)} more`);
}

// For those who hear the page: what holds the run back changes with every count, so only now and then.
const SPOKEN_EVERY = 15000;  // ms
let spokenAt = -SPOKEN_EVERY;

function speak(text) {
  const now = performance.now();
  if (now - spokenAt < SPOKEN_EVERY || byId('spoken').textContent === text) return;
  byId('spoken').textContent = text;
  spokenAt = now;
}

function showHead(data) {
  const run = data.run ?? {};
  state = run.state ?? state;
  const pipeline = cut(shown(run.pipeline ?? 'weir'), 200);
  const heading = byId('pipeline');
  if (heading.textContent !== pipeline) heading.replaceChildren(named(run.pipeline ?? 'weir', 'whole'));
  const pill = byId('state');
  pill.className = `state ${state}`;
  setText(pill, STATE_WORDS[state] ?? shown(state));
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
  showHead(data);
  showProgress(data.nodes);
  showHeld(data.bottleneck, data.why ?? []);
  if (data.graph && !graphDrawn) {
    drawGraph(data.graph, data.nodes);
    graphDrawn = true;
  }
  showTotals(data);
  moveCounts(data.nodes, data.bottleneck);
  revealBottleneck(data.bottleneck);
  redraw = () => showNodes(data.nodes, data.bottleneck, data.run?.seconds);
  redraw();
  showRunning(ended() ? [] : data.running ?? [], data.nodes);
  showFailures(failures, data.nodes, data.mode === 'live');
  showLimits(ended() ? [] : data.limits ?? []);
}

// Canvases don't follow a change of size or of colours by themselves.
let redraw = () => {};

function redrawAll() {
  redraw();
  drawCharts();
  drawTimeline();
}

function showReport(data) {
  showData(data);
  showTimeline(data.timeline);
  showWhere(data.where);
  showSlowest(data.slowest ?? []);
  showCharts(data.nodes ?? []);
}

function sayEnded() {
  showNotice(ended() ? `The run has ended: ${STATE_WORDS[state]}. This is how it stood then.`
                     : 'The run has ended. This is how it stood when it was last heard of.');
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
    // A browser tries again by itself unless it was answered with something that is no stream.
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  });
}

legend('nodes-legend', [['wait', 'waiting'], ['run', 'running']]);
window.addEventListener('resize', () => requestAnimationFrame(redrawAll));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);

const embedded = byId('weir-data');
if (embedded) showReport(JSON.parse(embedded.textContent)); else follow();
