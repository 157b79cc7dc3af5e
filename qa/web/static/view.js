// How pages are shown whose file is kept: text, picture, or both; the choice is kept in this browser.
const VIEW = 'gongbao-view';
const VIEWS = ['text', 'page', 'both'];

function chosen_view() {
  let kept = null;
  try { kept = localStorage.getItem(VIEW); } catch { /* a browser that keeps nothing */ }
  return VIEWS.includes(kept) ? kept : narrow.matches ? 'text' : 'both';
}

function show_view() {
  const chosen = chosen_view();
  document.body.dataset.view = chosen;
  element.querySelectorAll('button[data-view]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.view === chosen));
  });
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-view]');
  if (!button) return;
  try { localStorage.setItem(VIEW, button.dataset.view); } catch { /* it holds for this page then */ }
  show_view();
  document.body.dataset.view = button.dataset.view;
  show_mark();
});

// Errors of pictures do not bubble
element.addEventListener('error', (event) => {
  if (event.target.matches?.('.leaf img')) event.target.closest('.leaf').classList.add('lost');
}, true);

narrow.addEventListener('change', show_view);
