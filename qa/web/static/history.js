// The list of earlier conversations: opened by a click, removed after a second one. Runs once, in its gr.HTML.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[value]');
  if (!button) return;
  if (button.matches('.open')) trigger('select', { id: button.value });
  else if (button.dataset.sure === undefined) {
    button.dataset.sure = button.textContent;
    button.textContent = button.title;
    setTimeout(() => { button.textContent = button.dataset.sure; delete button.dataset.sure; }, 3000);
  } else trigger('delete', { id: button.value });
});
