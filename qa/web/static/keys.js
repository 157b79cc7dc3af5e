// Keys: Escape closes the panel, the arrows turn its pages. Then the place that the address names is opened.

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) close();
});

element.addEventListener('keydown', (event) => {
  if (event.target.closest('input') || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const turn = { ArrowLeft: 'previous', ArrowRight: 'next' }[event.key];
  const link = turn && element.querySelector(`a[data-tool="${turn}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

if (asked()) arrive(history.state);
