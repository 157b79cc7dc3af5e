// Copying: a citation in a format, the permanent link of the open place, a whole answer.

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
  const link = event.target.closest('#chat a[href="#copy"]');
  if (link) {
    event.preventDefault();
    copy_answer(link);
  }
  const button = event.target.closest('button[data-copy], button[data-link]');
  if (button && element.contains(button)) copy_from(button);
}, true);
