// The reading room beside the chat: shows the place that a link, a form or the address of the page names.
// Runs once, in the panel's gr.HTML, which gives `element` and `server`; copy.js, view.js and keys.js follow in one scope.
// One listener for the whole page: links in answers come and go, and the sanitizer takes their attributes.
const CITE = '#cite-';
const WAIT_MS = 300;
const view = () => element.querySelector('.place');
const pages = () => element.querySelector('.pages');
const told = (name) => element.querySelector(`template.${name}[data-lang="${language()}"]`).innerHTML;
const kinds = view().dataset.kinds.split(' ');
const title = document.title;
const narrow = window.matchMedia('(max-width: 900px)');
let opener = null;
let latest = 0;

const language = () => ((new URLSearchParams(location.search).get('lang') || '').startsWith('en') ? 'en' : 'zh');

// Addresses: `?kind=value` as in qa/web/address.py, and `#cite-ID` as links were before

function named(address) {
  if (address.startsWith(CITE)) return { kind: 'cite', value: decodeURIComponent(address.slice(CITE.length)) };
  if (!address.startsWith('?')) return null;
  const query = new URLSearchParams(address);
  const kind = kinds.find((one) => query.has(one));
  return kind ? { kind, value: query.get(kind) } : null;
}

function address(place) {
  return place ? `?${place.kind}=${encodeURIComponent(place.value).replaceAll('%3A', ':')}` : '';
}

function here(place) {
  const rest = new URLSearchParams(location.search); // the language and other settings stay
  kinds.forEach((kind) => rest.delete(kind));
  const query = [address(place).slice(1), rest.toString()].filter(Boolean).join('&');
  return location.pathname + (query ? `?${query}` : '');
}

const asked = () => named(location.hash) || named(location.search);

// Opening and closing

async function open(place) {
  remember();
  history.pushState({}, '', here(place));
  await show(place);
}

async function show(place, top) {
  const mine = ++latest;
  const tool = element.contains(document.activeElement) ? document.activeElement.dataset.tool : '';
  const waiting = setTimeout(() => fill(told('waiting')), WAIT_MS);
  const html = await server.place([place.kind, place.value, language()]).catch(() => told('offline'));
  clearTimeout(waiting);
  if (mine !== latest) return;
  fill(html);
  if (top === undefined) show_mark();
  else if (pages()) pages().scrollTop = top;
  const again = tool && element.querySelector(`[data-tool="${tool}"]`);
  (again || element.querySelector('h2')).focus({ preventScroll: true });
}

function fill(html) {
  view().innerHTML = html; // escaped by qa/web/room.py
  document.body.dataset.place = 'open';
  cover();
  show_view();
  const heading = element.querySelector('h2').textContent;
  const where = element.querySelector('.where strong');
  document.title = `${heading} · ${title}`;
  element.querySelector('.said').textContent = where ? `${where.textContent} ${heading}` : heading;
}

function show_mark() {
  const marks = pages() ? [...pages().querySelectorAll('mark, .box, [aria-current]')] : [];
  const target = marks.find((one) => one.getClientRects().length);
  if (!target) return;
  const box = pages().getBoundingClientRect();
  const { top, bottom } = target.getBoundingClientRect();
  if (top < box.top || bottom - box.top > pages().clientHeight * 0.8) pages().scrollTop += top - box.top - pages().clientHeight / 4;
}

function hide() {
  latest += 1;
  if (document.body.dataset.place !== 'open') return;
  delete document.body.dataset.place;
  document.title = title;
  cover();
  if (opener && opener.isConnected) opener.focus();
  else if (!narrow.matches) document.querySelector('#question textarea').focus(); // a phone would show its keyboard
}

function close() {
  if (document.body.dataset.place !== 'open') return;
  remember();
  history.pushState({}, '', here(null));
  hide();
}

// On a narrow window the panel covers the chat, which then is out of reach
function cover() {
  document.querySelector('#left').inert = narrow.matches && document.body.dataset.place === 'open';
}

function remember() {
  if (pages()) history.replaceState({ top: pages().scrollTop }, '');
}

function arrive(state) {
  const place = asked();
  if (location.hash.startsWith(CITE)) history.replaceState({}, '', here(place));
  if (place) show(place, state?.top);
  else hide();
}

// What people do

document.addEventListener('click', (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest('#left a[href], #right a[href]');
  const place = link && named(link.getAttribute('href'));
  if (place) {
    event.preventDefault();
    event.stopPropagation();
    if (!element.contains(link)) opener = link;
    open(place);
  } else if (element.contains(event.target) && event.target.closest('button.close')) close();
  else if (element.contains(event.target) && event.target.closest('button.print')) window.print();
}, true);

element.addEventListener('submit', (event) => {
  event.preventDefault();
  const { kind, bulletin } = event.target.dataset;
  const value = event.target.elements[kind].value.trim();
  open({ kind, value: bulletin ? `${bulletin}:${value}` : value });
});

window.addEventListener('popstate', (event) => arrive(event.state));
narrow.addEventListener('change', cover);
document.documentElement.lang = language() === 'en' ? 'en' : 'zh-CN';
