// Puts a placed fragment on the page and shows what changed by it.
import { now } from './time.js';
import { trim } from './place.js';
import { counted } from './news.js';

const cells = () => new Map([...document.querySelectorAll('[data-flash][id]')].map((cell) => [cell.id, cell.dataset.flash]));

// An attribute that morphing leaves alone (htmx-config in the layout), so that a refresh does not cut the flash short.
function mark(element, name) {
  element.dataset.mark = name;
  element.addEventListener('animationend', () => delete element.dataset.mark, { once: true });
}

function flash(before) {
  for (const [id, value] of cells()) {
    const old = before.get(id);
    if (old === undefined || old === value) continue;
    const step = Number(value) - Number(old);
    mark(document.getElementById(id), Number.isNaN(step) ? 'changed' : step > 0 ? 'up' : 'down');
  }
}

let pending = 0;

// A frame carries the heart of a change; the rest of a detail page (lines, refunds, forms) is asked for anew.
function refresh() {
  clearTimeout(pending);
  if (document.querySelector('[data-refresh][id]')) pending = setTimeout(renew, 250);
}

// What somebody is at work on keeps what they saw: a change of it in the store must not go by unnoticed.
function touched(part) {
  const active = document.activeElement;
  if (active?.form && part.contains(active)) return true;
  const chosen = ({ options }) => [...options].find((option) => option.defaultSelected) ?? options[0];
  return [...part.querySelectorAll('input, textarea, select')].some((field) => field.localName === 'select'
    ? field.value !== chosen(field)?.value
    : field.value !== field.defaultValue || Boolean(field.checked) !== Boolean(field.defaultChecked));
}

async function renew() {
  const response = await fetch(location.href, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (response?.status === 401) return location.reload();
  if (!response?.ok) return;
  const text = await response.text();
  for (const { id } of document.querySelectorAll('[data-refresh][id]')) {
    const part = document.getElementById(id);
    if (touched(part)) continue;
    const selector = `#${CSS.escape(id)}`;
    await htmx.swap({ sourceElement: part, target: selector, select: selector, swap: 'outerMorph', transition: false, text });
    for (const form of document.getElementById(id)?.querySelectorAll('form') ?? []) form.reset();
  }
}

export async function apply(plan) {
  const before = cells();
  await htmx.swap({
    sourceElement: document.getElementById('live'),
    target: plan.target,
    swap: `${plan.swap ?? 'none'} swapEmpty:false`,
    text: plan.content ?? '',
    transition: false,
  });
  for (const time of document.querySelectorAll('time[data-shown]:not([datetime])')) {
    time.dateTime = new Date(now()).toISOString();
  }
  const root = plan.root && document.getElementById(plan.root);
  if (root && plan.inserts) {
    mark(root, 'new');
    trim(root.closest('[data-insert]'));
    if (root.closest('[data-insert="sorted"]')) counted();
  }
  flash(before);
  refresh();
}
