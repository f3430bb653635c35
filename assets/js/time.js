// Times come as UTC in <time datetime>; here they become the reader's own.
const language = document.documentElement.lang || undefined;
const format = (options) => new Intl.DateTimeFormat(language, options);
const clock = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const exact = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false });
const day = format({ day: 'numeric', month: 'short' });
const dayTime = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });
const year = format({ day: 'numeric', month: 'short', year: 'numeric' });
const full = format({ dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });

// A reader's clock that is plainly wrong is corrected by the server's; small differences are the network's.
const served = Date.parse(document.documentElement.dataset.now ?? '');
const skew = Number.isNaN(served) ? 0 : served - Date.now();
export const now = () => Date.now() + (Math.abs(skew) > 5000 ? skew : 0);

const sameDay = (a, b) => a.toDateString() === b.toDateString();

function ago(at) {
  const seconds = Math.min(0, Math.round((at - now()) / 1000));
  if (seconds > -60) return relative.format(seconds, 'second');
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86400), 'day');
}

function words(at, style) {
  const today = new Date(now());
  if (style === 'ago') return ago(at);
  if (style === 'exact' && sameDay(at, today)) return exact.format(at);
  if (style === 'exact') return `${day.format(at)}, ${exact.format(at)}`;
  if (sameDay(at, today)) return clock.format(at);
  return at.getFullYear() === today.getFullYear() ? dayTime.format(at) : year.format(at);
}

function localise(element) {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const text = words(at, element.dataset.style);
  if (element.textContent !== text) element.textContent = text;
  const title = full.format(at);
  if (element.title !== title) element.title = title;
}

export const localiseAll = (root) => root.querySelectorAll('time[datetime]').forEach(localise);
export const clockNow = () => format({ hour: '2-digit', minute: '2-digit', hour12: false }).format(now());

// Whatever arrives or is morphed later is made local before it is painted.
new MutationObserver((records) => {
  for (const { target, addedNodes } of records) {
    target.parentElement?.closest('time[datetime]') && localise(target.parentElement.closest('time'));
    if (target.matches?.('time[datetime]')) localise(target);
    for (const node of addedNodes) {
      if (node.nodeType !== 1) continue;
      if (node.matches('time[datetime]')) localise(node);
      localiseAll(node);
    }
  }
}).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ['datetime'] });

setInterval(() => document.querySelectorAll('time[data-style="ago"]').forEach(localise), 5000);
