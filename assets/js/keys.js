// Keyboard: g + letter jumps, j/k walk the rows, / searches, ? explains, . shows new rows, p pauses.
let leader = 0;

const typing = (element) => element.closest('input, textarea, select, [contenteditable], dialog[open]');

const press = (selector) => {
  const element = document.querySelector(selector);
  if (!element || element.hidden) return false;
  element.click();
  return true;
};

const walk = (step) => {
  const links = [...document.querySelectorAll('a[data-row]')];
  if (!links.length) return false;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  const link = links[Math.max(0, Math.min(links.length - 1, next))];
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: 'nearest' });
  return true;
};

const single = {
  j: () => walk(1),
  k: () => walk(-1),
  '.': () => press('#pill'),
  p: () => press('#pause'),
  '?': () => {
    document.getElementById('keys')?.showModal();
    return true;
  },
  '/': () => {
    const search = document.querySelector('[data-search]');
    search?.focus();
    search?.select();
    return Boolean(search);
  },
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape' && event.target.matches('[data-search]')) return event.target.blur();
  if (typing(event.target)) return;

  const afterG = event.timeStamp - leader < 1200;
  leader = 0;
  if (afterG && /^[a-z]$/.test(event.key)) {
    if (press(`[data-jump="${event.key}"]`)) event.preventDefault();
    return;
  }
  if (event.key === 'g') {
    leader = event.timeStamp;
    return;
  }
  if (Object.hasOwn(single, event.key) && single[event.key]()) event.preventDefault();
});
