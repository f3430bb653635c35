// Who else is on this record: asked for while the page is seen, and at once when somebody comes, goes or writes.
const BEAT = 10_000;
const WRITES = 4_000;
const SOON = 300;
let wrote = 0;
// The part of the record that was touched last; empty for a form that names none.
let edited = null;
let asked = 0;

function doing() {
  if (Date.now() - wrote < WRITES) return { doing: 'typing' };
  if (edited === null) return { doing: 'viewing' };
  return edited ? { doing: 'editing', part: edited } : { doing: 'editing' };
}

const said = () => JSON.stringify(doing());

async function post(url, fields) {
  const request = { method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(fields) };
  const response = await fetch(url, request).catch(() => null);
  return response?.ok ? response.text() : null;
}

async function look() {
  const here = document.getElementById('here');
  if (!here || document.hidden) return;
  const text = await post('/here', { place: here.dataset.place, ...doing() });
  if (text) await htmx.swap({ sourceElement: here, target: '#here', swap: 'outerMorph', text, transition: false });
  // Whoever sees the page has read it.
  const unread = document.querySelector('form[data-read]');
  unread?.remove();
  if (unread) await post(unread.action, {});
}

function soon(after = SOON) {
  clearTimeout(asked);
  asked = setTimeout(look, after);
}

document.addEventListener('input', ({ target }) => {
  if (!target.form || target.form.method !== 'post') return;
  const before = said();
  if ('typing' in target.form.dataset) wrote = Date.now();
  else edited = target.closest('[data-part]')?.dataset.part ?? '';
  if (said() !== before) soon();
  if (wrote) setTimeout(() => doing().doing !== 'typing' && soon(), WRITES + SOON);
});
document.addEventListener('whisper', () => soon());
document.addEventListener('visibilitychange', () => soon());
setInterval(look, BEAT);
window.addEventListener('load', () => soon());
