'use strict';

const columns = ['name', 'in', 'done', 'failed', 'running', 'waiting'];

function show(event) {
  document.getElementById('run').textContent = event.run.pipeline;
  document.getElementById('state').textContent = event.run.state;
  document.getElementById('nodes').replaceChildren(...event.nodes.map((node) => {
    const row = document.createElement('tr');
    for (const column of columns) row.insertCell().textContent = node[column];
    return row;
  }));
  document.getElementById('why').replaceChildren(...event.why.map((text) => {
    const line = document.createElement('li');
    line.textContent = text;
    return line;
  }));
}

const events = new EventSource('/events');
events.addEventListener('message', (message) => show(JSON.parse(message.data)));
events.addEventListener('end', () => {
  events.close();
  document.getElementById('state').textContent += ' (the run has ended)';
});
