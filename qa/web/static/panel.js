// Opens citations beside the chat. Runs once, in the panel's gr.HTML, which gives `element` and `server`.
// One listener for the whole page: links in answers come and go, and the sanitizer takes their attributes.
const CITE = '#cite-';
const view = () => element.querySelector('.place');
const offline = view().innerHTML;
let opener = null;

const language = () => new URLSearchParams(location.search).get('lang') || 'zh';

async function open(id, link) {
  opener = link;
  const html = await server.lookup([id, language()]).catch(() => offline);
  view().innerHTML = html; // escaped by qa/web/place.py and qa/web/sheet.py
  document.body.dataset.place = 'open';
  show_mark();
  element.querySelector('h2').focus({ preventScroll: true });
}

function show_mark() {
  const pages = element.querySelector('.pages');
  const mark = pages && pages.querySelector('mark');
  if (!mark) return;
  const box = pages.getBoundingClientRect();
  const { top, bottom } = mark.getBoundingClientRect();
  if (bottom - box.top > pages.clientHeight * 0.8) pages.scrollTop += top - box.top - pages.clientHeight / 4;
}

function close() {
  if (document.body.dataset.place !== 'open') return;
  delete document.body.dataset.place;
  if (opener && opener.isConnected) opener.focus();
}

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

async function copy_citation(button) {
  await copy(button.dataset.copy);
  const told = element.querySelector('.copied');
  told.textContent = told.dataset.done;
  setTimeout(() => { told.textContent = ''; }, 1500);
}

async function copy_answer(link) {
  const message = link.closest('.message').cloneNode(true);
  message.querySelectorAll('em').forEach((foot) => foot.remove());
  message.querySelectorAll('ol').forEach((list) =>
    list.querySelectorAll('li').forEach((item, i) => item.prepend(`[${i + 1}] `)));
  const blocks = [...message.querySelectorAll('p, li')].map((block) => block.textContent.trim());
  await copy(blocks.filter(Boolean).join('\n'));
  const words = link.textContent;
  link.textContent = '✓';
  setTimeout(() => { link.textContent = words; }, 1500);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('#chat a[href]');
  const at = link ? link.getAttribute('href') : '';
  if (at.startsWith(CITE)) {
    event.preventDefault();
    open(decodeURIComponent(at.slice(CITE.length)), link);
  } else if (at === '#copy') {
    event.preventDefault();
    copy_answer(link);
  }
  const button = event.target.closest('button');
  if (!button || !element.contains(button)) return;
  if (button.matches('.close')) close();
  if (button.dataset.copy !== undefined) copy_citation(button);
}, true);

document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
document.documentElement.lang = language().startsWith('en') ? 'en' : 'zh-CN';
if (location.hash.startsWith(CITE)) open(decodeURIComponent(location.hash.slice(CITE.length)), null);
