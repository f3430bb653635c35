// The panel's behaviour. Everything below only adds to pages that read and work without it.
import './theme.js';
import './keys.js';
import './forms.js';
import './bulk.js';
import { localiseAll } from './time.js';
import './live.js';
import './here.js';

localiseAll(document);

// On a phone the navigation is a row that may be wider than the screen.
document.querySelector('.side__link[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

// A page from the back-forward cache is as old as when it was left, and its socket is gone.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
