// How many new rows there are: beside the title, in the pill, and spoken now and then.
const rules = new Intl.PluralRules(document.documentElement.lang || undefined);
const badge = document.getElementById('new-count');
const spoken = document.getElementById('announce');
let added = 0;
let unspoken = 0;
let timer = 0;

/** Fills {n} into the element's phrase for that number. */
export function phrase(element, n) {
  const form = rules.select(n);
  return (element.dataset[form] ?? element.dataset.other ?? '{n}').replace('{n}', n.toLocaleString());
}

// Rows are no live region: a reader hears at most one line in ten seconds.
function speak() {
  timer = 0;
  if (spoken && unspoken) spoken.textContent = phrase(spoken, unspoken);
  unspoken = 0;
}

export function counted() {
  added += 1;
  unspoken += 1;
  timer ||= setTimeout(speak, 10000);
  if (!badge) return;
  badge.hidden = false;
  badge.textContent = phrase(badge, added);
}
