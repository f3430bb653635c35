// Filters apply on choice, slow forms cannot be sent twice, dialogs open and close.
document.addEventListener('change', (event) => {
  if (event.target.matches('[data-auto]')) event.target.form?.requestSubmit();
});

// Who types a value of their own has chosen it.
document.addEventListener('input', ({ target }) => {
  if (!('mine' in target.dataset)) return;
  const choice = target.closest('fieldset')?.querySelector('input[type=radio][value=mine]');
  if (choice) choice.checked = true;
});

document.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  // An empty filter is no filter: keep it out of the address.
  if (form.method === 'get') {
    for (const field of form.elements) field.disabled ||= field.name && !field.value;
    return;
  }
  const button = event.submitter;
  if (!button) return;
  setTimeout(() => {
    button.disabled = true;
    if (button.dataset.busy) button.lastElementChild.textContent = button.dataset.busy;
  });
});

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]');
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest('[data-closes]');
  if (closer) closer.closest('dialog')?.close();
  // A click on the backdrop lands on the dialog itself.
  if (event.target.matches('dialog[open]')) event.target.close();
});
