// Orders that are ticked for one change stay ticked while newer copies of their rows take the places of those on the page.
const rows = document.getElementById('order-rows');
const tally = document.getElementById('bulk-chosen');

if (rows && tally) {
  const idOf = (box) => box.value.split(':')[0];
  const boxes = () => [...rows.querySelectorAll('input[form="bulk"]')];
  const chosen = new Set();

  const tell = () => {
    tally.textContent = boxes().filter((box) => box.checked).length;
  };
  const note = (box) => chosen[box.checked ? 'add' : 'delete'](idOf(box));

  // A page that is come back to keeps its ticks.
  boxes().forEach(note);
  tell();
  rows.addEventListener('change', ({ target }) => {
    if (target.matches('input[form="bulk"]')) note(target);
    tell();
  });
  new MutationObserver(() => {
    for (const box of boxes()) box.checked = chosen.has(idOf(box));
    tell();
  }).observe(rows, { childList: true });
}
