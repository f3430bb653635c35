// The honest sign: live, catching up, offline since, paused.
import { clockNow } from './time.js';

const element = document.getElementById('live');
const text = element?.querySelector('.live__text');
let heard = clockNow();
let paused = false;
let state = 'connecting';

function show() {
  if (!element) return;
  const shown = paused && state === 'live' ? 'paused' : state;
  element.dataset.state = shown;
  const line = (element.dataset[`word${shown}`] ?? '').replace('{time}', heard);
  if (text.textContent !== line) text.textContent = line;
}

export const sign = {
  set(next) {
    state = next;
    show();
  },
  /** Something came through the socket: "offline since" counts from here. */
  heard() {
    heard = clockNow();
  },
  pause(on) {
    paused = on;
    show();
  },
};
