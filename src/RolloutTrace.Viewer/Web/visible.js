import { h } from './html.js';

// What cannot be seen, or makes others stand elsewhere: controls, directions, what has no width, and line ends of other systems.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;
const hiddenRuns = new RegExp(`(${hidden.source})`, 'g');

/**
 * Text in which everything can be seen: a character that would hide, or turn its neighbours round, is shown by its name.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function visible(text) {
  if (!hidden.test(text)) {
    return [text];
  }

  return text.replaceAll('\r\n', '\n').split(hiddenRuns).filter(part => part !== '')
    .map(part => part.length === 1 && hidden.test(part) ? mark(part) : part);
}

/**
 * The same for where no elements can stand, such as names for assistive technology.
 * @param {string} text
 */
export function plain(text) {
  return hidden.test(text) ? text.replaceAll(hiddenRuns, c => nameOf(c)) : text;
}

/** @param {string} c */
function mark(c) {
  return h('span', { class: 'hidden-char', title: 'a character that would not be seen' }, nameOf(c));
}

/** @param {string} c */
function nameOf(c) {
  const code = c.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
