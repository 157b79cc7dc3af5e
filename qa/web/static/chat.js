// What the buttons in the conversation do. Runs once, in a gr.HTML without content, which gives `element` and `trigger`.
// The sanitizer of the chat leaves class and value of a button, and takes data-* and aria-*: values carry what is needed.
const chat = () => document.querySelector('#chat');
const words = JSON.parse(element.querySelector('.words').value);
const spoken = () => words[(new URLSearchParams(location.search).get('lang') || '').startsWith('en') ? 'en' : 'zh'];

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea'); // a page served over plain http to another machine has no clipboard
  area.value = text;
  area.style.position = 'fixed';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

function noted(button, note) {
  const before = button.textContent;
  button.textContent = note;
  say(note);
  setTimeout(() => { button.textContent = before; }, 1500);
}

function say(note) {
  element.querySelector('[role="status"]').textContent = note;
}

function edit(question) {
  const box = document.querySelector('#question textarea');
  box.value = question;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
}

// 没用 asks why, in a form below the answer; 有用 needs no reason
function rate(button) {
  const number = Number(button.value);
  const up = button.classList.contains('up');
  button.closest('.foot').querySelectorAll('.rate').forEach((one) => one.classList.toggle('chosen', one === button));
  const old = button.closest('.answer').querySelector('form.why');
  if (old) old.remove();
  if (up) {
    trigger('like', { number, useful: true, reason: '' });
    noted(button, spoken().thanks);
    return;
  }
  const form = document.createElement('form');
  form.className = 'why';
  const label = document.createElement('label');
  const input = document.createElement('input');
  const send = document.createElement('button');
  const list = document.createElement('datalist');
  label.textContent = spoken().why;
  input.maxLength = 1000;
  input.setAttribute('list', `reasons-${number}`);
  list.id = `reasons-${number}`;
  list.append(...spoken().reasons.split('、').map((reason) => new Option(reason)));
  send.textContent = spoken().send_reason;
  label.append(input);
  form.append(label, list, send);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    trigger('like', { number, useful: false, reason: input.value });
    form.remove();
    noted(button, spoken().thanks);
  });
  button.closest('.foot').after(form);
  input.focus();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('#chat button[value]');
  if (!button) return;
  if (button.matches('.copy')) copy(button.value).then(() => noted(button, spoken().copied));
  else if (button.matches('.ask')) trigger('submit', { question: button.value });
  else if (button.matches('.edit')) edit(button.value);
  else if (button.matches('.retry')) trigger('retry', { number: Number(button.value) });
  else if (button.matches('.rate')) rate(button);
});

// Gradio names each message by its raw content, which is HTML here: a screen reader gets its words instead
const named = new WeakMap();
function relabel() {
  document.querySelectorAll('#chat :is([data-testid="bot"], [data-testid="user"])[aria-label]').forEach((message) => {
    const words = message.textContent;
    if (named.get(message) === words && !message.ariaLabel.startsWith('<')) return;
    named.set(message, words);
    message.setAttribute('aria-label', message.innerText.slice(0, 200));
  });
}

// A new question goes to the top of what is seen, with its answer below, until the answer is there
let settled = 0;
function follow() {
  const asked = chat() ? [...chat().querySelectorAll('.user-row')] : [];
  const last = asked.at(-1);
  const done = chat() && [...chat().querySelectorAll('.bot-row')].at(-1)?.querySelector('.answer, .failed, .note');
  if (!last || (done && settled === asked.length)) return;
  settled = done ? asked.length : 0;
  const wrap = last.closest('.bubble-wrap');
  wrap.scrollTop += last.getBoundingClientRect().top - wrap.getBoundingClientRect().top - 4;
}

new MutationObserver(() => { relabel(); follow(); }).observe(document.body, { subtree: true, childList: true });
