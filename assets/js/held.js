// Frames that wait: all while paused, new rows while the reader is further down the page.
import { place, rootOf } from './place.js';
import { apply } from './apply.js';
import { phrase } from './news.js';
import { sign } from './sign.js';

const BOUND = 500;
const pill = document.getElementById('pill');
const button = document.getElementById('pause');
let frames = [];
const late = new Set();
let overflow = false;
let paused = sessionStorage.getItem('paused') === 'yes';

const reading = () => window.scrollY > 160 || document.querySelector('dialog[open]') !== null;

function show() {
  const rows = new Set(frames.map(rootOf)).size + late.size;
  if (pill) {
    pill.hidden = rows === 0;
    pill.lastElementChild.textContent = overflow ? phrase(pill, BOUND) : phrase(pill, rows);
  }
  if (button) {
    button.hidden = false;
    button.setAttribute('aria-pressed', String(paused));
    button.querySelector('[data-on]').hidden = !paused;
    button.querySelector('[data-off]').hidden = paused;
  }
  sign.pause(paused);
}

function keep(frame) {
  frames.push(frame);
  if (frames.length > BOUND) {
    frames = [];
    overflow = true;
  }
  show();
}

/** True if the frame was kept for later, so that it must not be applied now. */
export function hold(frame) {
  if (overflow) return true;
  if (paused) {
    keep(frame);
    return true;
  }
  const root = rootOf(frame);
  const waiting = frames.findIndex((other) => root && rootOf(other) === root);
  if (waiting >= 0) {
    // The newer copy of a row that waits takes its place in the queue; a removal takes it out.
    frames.splice(waiting, 1, ...(frame.swap === 'delete' ? [] : [frame]));
    show();
    return true;
  }
  const plan = place(frame);
  if (plan?.late) {
    late.add(plan.root);
    show();
    return true;
  }
  if (plan?.inserts && plan.content.trimStart().startsWith('<tr') && reading()) {
    keep(frame);
    return true;
  }
  return false;
}

async function release() {
  if (overflow) return location.reload();
  const waiting = frames;
  const home = document.querySelector('[data-home]')?.dataset.home;
  if (late.size && home) return location.assign(home);
  frames = [];
  show();
  for (const frame of waiting) {
    const plan = place(frame);
    if (plan) await apply(plan);
  }
}

pill?.addEventListener('click', async () => {
  window.scrollTo({ top: 0 });
  await release();
});

button?.addEventListener('click', async () => {
  paused = !paused;
  sessionStorage.setItem('paused', paused ? 'yes' : 'no');
  show();
  if (!paused) await release();
});

// Back at the top: nothing moves under the reader's eyes any more.
window.addEventListener('scroll', () => {
  if (!paused && !late.size && frames.length && window.scrollY === 0) release();
}, { passive: true });

show();
