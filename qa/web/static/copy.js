// Copying: a citation in a format, the permanent link of the open place.

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

async function copy_from(button) {
  const link = `${location.origin}${location.pathname}${address(asked())}`;
  await copy(button.dataset.copy === undefined ? link : button.dataset.copy);
  const done = element.querySelector('.copied');
  done.textContent = done.dataset.done;
  setTimeout(() => { done.textContent = ''; }, 1500);
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-copy], button[data-link]');
  if (button) copy_from(button);
});
