// How many waited, ran and were done, over time: kept for the small pictures.

const MOST_POINTS = 600;

// Of each node by name: {times, waiting, running, done}, all of the same length.
const series = new Map();

function seriesOf(name) {
  if (!series.has(name)) series.set(name, {times: [], waiting: [], running: [], done: []});
  return series.get(name);
}

function takeSeries(given) {
  for (const [name, values] of Object.entries(given?.nodes ?? {})) {
    const waiting = values.waiting ?? [];
    const start = given.t0 ?? 0;
    series.set(name, {
      times: waiting.map((_, index) => start + index * (given.step ?? 1)), waiting: [...waiting],
      running: [...values.running ?? []], done: [...values.done ?? []],
    });
  }
}

function takePoint(point) {
  for (const [name, values] of Object.entries(point?.nodes ?? {})) {
    const kept = seriesOf(name);
    // The newest point comes again until there is a newer one.
    if (kept.times.length && point.t <= kept.times[kept.times.length - 1]) continue;
    kept.times.push(point.t);
    for (const member of ['waiting', 'running', 'done']) kept[member].push(values[member] ?? 0);
    if (kept.times.length > MOST_POINTS) thin(kept);
  }
}

// Every other point goes, so that the whole run stays in sight.
function thin(kept) {
  for (const member of Object.keys(kept)) kept[member] = kept[member].filter((_, index) => index % 2 === 0);
}

// While a run goes on it says how fast its nodes are; of one that is over all of it counts.
function rateOf(node, seconds) {
  return ended() ? (node.done ?? 0) / seconds : node.rate;
}

// The newest point may be a moment old, and the run has gone on.
function untilNow({times, waiting, running}, node, seconds) {
  if (!times.length || !(seconds > times[times.length - 1])) return {times, waiting, running};
  return {times: [...times, seconds], waiting: [...waiting, waitingAt(node)],
          running: [...running, node.running ?? 0]};
}

function plot(context, times, values, top, {x, y, width, height}, style) {
  if (!times.length) return;
  const [begin, end] = [times[0], times[times.length - 1]];
  const at = (index) => [x + (end > begin ? (times[index] - begin) / (end - begin) * width : 0),
                         y + height - (top > 0 ? values[index] / top * height : 0)];
  context.beginPath();
  context.moveTo(...at(0));
  for (let index = 1; index < times.length; ++index) {
    if (!style.slope) context.lineTo(at(index)[0], at(index - 1)[1]);
    context.lineTo(...at(index));
  }
  if (style.fill) {
    context.lineTo(x + width, y + height);
    context.lineTo(x, y + height);
    context.globalAlpha = 0.35;
    context.fillStyle = style.colour;
    context.fill();
    context.globalAlpha = 1;
  } else {
    context.strokeStyle = style.colour;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

function most(values) {
  return values.reduce((top, value) => Math.max(top, value), 0);
}

// The most that ran or waited at once: samples may have missed it, so it is told apart where it is known.
function peakOf(node, member) {
  return node[`peak_${member}`] ?? most(seriesOf(node.name)[member]);
}

function drawSpark(canvas, {times, waiting, running}) {
  const [width, height] = [150, 28];
  const context = fitCanvas(canvas, width, height);
  const top = Math.max(1, most(waiting), most(running));
  const frame = {x: 1, y: 2, width: width - 2, height: height - 4};
  plot(context, times, waiting, top, frame, {colour: colour('wait'), fill: true});
  plot(context, times, waiting, top, frame, {colour: colour('wait')});
  plot(context, times, running, top, frame, {colour: colour('run')});
}

// Done a second, between one point and the next, over a twelfth of what is known.
function ratesOverTime({times, done}) {
  const window = Math.max(1, Math.floor(times.length / 12));
  return times.map((time, index) => {
    const before = Math.max(0, index - window);
    return time > times[before] ? (done[index] - done[before]) / (time - times[before]) : 0;
  });
}

const charts = [];

// One chart of how many wait and run, and one line of how fast, for each node.
function showCharts(nodes) {
  charts.length = 0;
  for (const node of nodes) {
    const kept = seriesOf(node.name);
    if (kept.times.length < 2) continue;
    const canvas = element('canvas', {class: 'chart', role: 'img'});
    const rates = ratesOverTime(kept);
    const [waiting, running] = [peakOf(node, 'waiting'), peakOf(node, 'running')];
    const told = [waiting && `${number(waiting)} waiting`, running && `${number(running)} running`,
                  most(rates) && `${rate(most(rates))} done`].filter(Boolean);
    const tops = told.length ? `at most ${told.join(', ')}` : 'nothing came to it';
    canvas.setAttribute('aria-label', tops);
    charts.push({canvas, kept, rates});
    byId('charts').append(element('figure', {}, element('figcaption', {}, named(node.name)), canvas,
                                  element('div', {class: 'quiet'}, tops)));
  }
  legend('charts-legend', [['wait', 'waiting'], ['run', 'running'], ['done', 'done a second (scaled to its most)']]);
  show('charts-section', charts.length > 0);
  drawCharts();
}

function drawCharts() {
  for (const {canvas, kept, rates} of charts) {
    const width = canvas.clientWidth, height = 90;
    const context = fitCanvas(canvas, width, height);
    const frame = {x: 0, y: 4, width, height: height - 8};
    const top = Math.max(1, most(kept.waiting), most(kept.running));
    plot(context, kept.times, kept.waiting, top, frame, {colour: colour('wait'), fill: true});
    plot(context, kept.times, kept.running, top, frame, {colour: colour('run')});
    plot(context, kept.times, rates, most(rates), frame, {colour: colour('done'), slope: true});
  }
}
