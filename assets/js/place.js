// Decides where a frame's fragment belongs on this page.
const ROOT = /^\s*<[a-z]+\b[^>]*/i;
const attribute = (tag, name) => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
const byId = (id) => `#${CSS.escape(id)}`;

/** Sort keys are "microseconds_uuid"; true if a comes before b in a list that shows the newest first. */
function newer(a, b) {
  const [timeA, idA] = a.split('_');
  const [timeB, idB] = b.split('_');
  return timeA === timeB ? idA > idB : Number(timeA) > Number(timeB);
}

/** The id of the fragment's outermost element, or of what is to be removed. */
export function rootOf(frame) {
  if (frame.swap === 'delete') return frame.target?.replace(/^#/, '');
  return attribute(frame.content?.match(ROOT)?.[0] ?? '', 'id');
}

/**
 * Returns {root, target, swap, content, inserts?, late?}, or null if the frame has nothing to change here.
 * A fragment whose id is on the page replaces it; an older copy never replaces a newer one.
 */
export function place(frame) {
  const root = rootOf(frame);
  const present = root && document.getElementById(root);
  if (frame.swap === 'delete') return present ? { ...frame, root, target: byId(root) } : null;

  const tag = frame.content?.match(ROOT)?.[0] ?? '';
  if (present) {
    if (Number(attribute(tag, 'data-saved')) < Number(present.dataset.saved)) return null;
    return { ...frame, root, target: byId(root), swap: 'outerHTML' };
  }
  const list = frame.target && document.querySelector(frame.target);
  if (!list || frame.swap === 'outerHTML') return null;
  if (list.dataset.insert === 'none') return { ...frame, root, late: true };

  const key = attribute(tag, 'data-key');
  if (!key || list.dataset.insert !== 'sorted') return { ...frame, root, inserts: true };
  const after = [...list.children].find((row) => row.dataset.key && newer(key, row.dataset.key));
  if (after) return { ...frame, root, inserts: true, target: byId(after.id), swap: 'beforebegin' };
  // Older than everything shown: it belongs to a later page, if there is one.
  return 'more' in list.dataset ? null : { ...frame, root, inserts: true, swap: 'beforeend' };
}

const CAP = 200;

/** Keeps a growing list bounded; what is cut stays reachable through the pager. */
export function trim(list) {
  if (!list || list.children.length <= CAP) return;
  while (list.children.length > CAP) list.lastElementChild.remove();
  list.dataset.more = '';
  const older = document.querySelector('a[data-older]');
  if (!older) return;
  const url = new URL(older.href);
  url.searchParams.set('after', list.lastElementChild.dataset.key);
  older.href = url;
  older.hidden = false;
}
