// Files chosen on the shelf are sent one by one; the server tells line by line how each fares.

function told_as(row, state, words, link) {
  row.className = state;
  row.querySelector('b').textContent = words;
  if (state !== 'working') row.querySelector('progress')?.remove();
  if (!link) return;
  const name = row.querySelector('span');
  const to = document.createElement('a');
  to.href = `?contents=${link}`;
  to.textContent = name.textContent;
  name.replaceChildren(to);
}

function row_of(file, words) {
  const row = document.createElement('li');
  const [name, state, bar, note] = ['span', 'b', 'progress', 'small'].map((tag) => document.createElement(tag));
  name.textContent = file.name;
  bar.setAttribute('aria-label', file.name);
  row.append(name, state, bar, note);
  told_as(row, 'working', words.upload_waiting);
  return row;
}

async function* lines_of(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    yield* lines.map((line) => JSON.parse(line));
  }
}

async function send(file, row, words) {
  told_as(row, 'working', words.upload_sending);
  const query = new URLSearchParams({ name: file.name, lang: language() });
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(`upload?${query}`, { method: 'POST', headers, body: file });
  if (!response.ok) {
    const refused = await response.json().catch(() => ({ message: '' }));
    return { what: 'failed', bulletin: '', message: refused.message || `${response.status}` };
  }
  const bar = row.querySelector('progress');
  for await (const { step, outcome } of lines_of(response.body)) {
    if (outcome) return outcome;
    told_as(row, 'working', words.upload_reading);
    if (step.total > 1) Object.assign(bar, { max: step.total, value: step.done });
  }
  return { what: 'failed', bulletin: '', message: words.offline };
}

async function upload(input) {
  const box = input.closest('.upload');
  const words = JSON.parse(box.dataset.words);
  const files = [...input.files];
  const rows = files.map((file) => row_of(file, words));
  box.querySelector('.outcomes').replaceChildren(...rows);
  input.disabled = true;
  for (const [i, file] of files.entries()) {
    const row = rows[i];
    const refused = i >= Number(box.dataset.count) ? words.upload_many
      : file.size > Number(box.dataset.bytes) ? words.upload_large : '';
    const outcome = refused ? { what: 'failed', bulletin: '', message: refused }
      : await send(file, row, words).catch(() => ({ what: 'failed', bulletin: '', message: words.offline }));
    const there = outcome.what === 'failed' ? '' : outcome.bulletin;
    told_as(row, outcome.what, words[`upload_${outcome.what}`], there);
    row.querySelector('small').textContent = outcome.message;
  }
  input.disabled = false;
  input.value = '';
  const html = await server.place(['contents', '', language()]).catch(() => '');
  const fresh = new DOMParser().parseFromString(html, 'text/html'); // escaped by shelf.py
  ['.shelf', '.where'].forEach((part) => {
    const [now, made] = [view().querySelector(part), fresh.querySelector(part)];
    if (now && made && box.isConnected) now.replaceWith(made);
  });
  box.querySelector('.after').hidden = !rows.some((row) => ['added', 'replaced'].includes(row.className));
}

element.addEventListener('change', (event) => {
  if (event.target.matches('.upload input[type="file"]') && event.target.files.length) upload(event.target);
});
element.addEventListener('click', (event) => {
  if (event.target.closest('button.reload')) location.reload();
});
