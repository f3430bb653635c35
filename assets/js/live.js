// One socket per page (hx-ws keeps it): drops what was seen, resumes where it stopped, says how fresh the page is.
import { place } from './place.js';
import { apply } from './apply.js';
import { hold } from './held.js';
import { sign } from './sign.js';

const REMEMBERED = 4096;
const seen = new Map();
let beat = 0;
let watch = 0;

/** True the second time: a resume may repeat frames, and must not show them twice. */
function repeated({ topic, seq }) {
  if (topic === undefined || seq === undefined) return false;
  const numbers = seen.get(topic) ?? new Set();
  seen.set(topic, numbers);
  if (numbers.has(seq)) return true;
  numbers.add(seq);
  if (numbers.size > REMEMBERED) numbers.delete(numbers.values().next().value);
  return false;
}

// hx-ws reconnects to the connection's URL, also after the tab was hidden, so the cursor lives there.
function resumeFrom(connection, cursor) {
  if (!cursor) return;
  const url = new URL(connection.url);
  url.searchParams.set('cursor', cursor);
  connection.url = url.href;
}

// A dead network closes nothing by itself: a server that promised a beat and is silent counts as gone.
function listenFor(connection) {
  clearTimeout(watch);
  if (!beat) return;
  watch = setTimeout(() => {
    sign.set('offline');
    connection.socket?.close();
  }, beat * 2500);
}

function parse(data) {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}

document.addEventListener('htmx:ws:before:connection', ({ detail }) => {
  // A retry is announced before it is made: until it succeeds we are offline.
  if (!detail.connection.attempt) sign.set('connecting');
});
document.addEventListener('htmx:ws:after:connection', ({ detail }) => {
  sign.set('catching');
  listenFor(detail.connection);
});

document.addEventListener('htmx:ws:close', ({ detail }) => {
  clearTimeout(watch);
  // 1008: the login is over. The page itself knows where to go.
  if (detail.code === 1008) return location.reload();
  sign.set(document.hidden ? 'catching' : 'offline');
});

document.addEventListener('htmx:ws:before:message:incoming', ({ detail }) => {
  // Everything is applied here, one frame after the other, because hx-ws waits for waitUntil.
  detail.cancelled = true;
  const { connection, message } = detail;
  const frame = parse(message.data);
  if (!frame) return;
  sign.heard();
  listenFor(connection);
  if (frame.kind === 'reload') return location.reload();
  if (frame.kind === 'whisper') return document.dispatchEvent(new Event('whisper'));
  if (frame.kind === 'hello') {
    beat = Number(frame.beat) || 0;
    listenFor(connection);
    resumeFrom(connection, frame.cursor);
    return sign.set('live');
  }
  if (repeated(frame) || frame.content === undefined || hold(frame)) return resumeFrom(connection, frame.cursor);
  detail.waitUntil((async () => {
    const plan = place(frame);
    if (plan) await apply(plan);
    document.dispatchEvent(new CustomEvent('frame'));
    resumeFrom(connection, frame.cursor);
  })());
});

window.addEventListener('offline', () => sign.set('offline'));
window.addEventListener('online', () => {
  if (!document.getElementById('live')?._htmx?.ws?.connection) location.reload();
});
