// The panel's behaviour. Everything below only adds to pages that read and work without it.
import './theme.js';
import './keys.js';
import './forms.js';
import { localiseAll } from './time.js';
import './live.js';

localiseAll(document);

// A page from the back-forward cache is as old as when it was left, and its socket is gone.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
