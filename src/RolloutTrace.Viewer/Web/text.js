import { h, fill } from './html.js';
import { ansi } from './ansi.js';
import { diff, isDiff } from './diff.js';
import { visible } from './visible.js';
import { bytes, count } from './format.js';

const chunk = 100_000;

/** @typedef {{ lines?: number, chars?: number, isTerminal?: boolean, kind?: string }} TextOptions */

/**
 * A text, of which the beginning is shown, and more when it is asked for.
 * @param {string} text
 * @param {TextOptions} [options]
 * @returns {HTMLElement}
 */
export function textBlock(text, { lines = 40, chars = 4000, isTerminal = false, kind = 'prose' } = {}) {
  const end = endOf(text, lines, chars);
  const asDiff = isDiff(text.slice(0, chunk));
  const body = h('div', { class: `text ${asDiff || isTerminal ? 'code' : kind}`, dir: 'auto' });
  const show = (/** @type {number} */ to) => fill(body, ...asDiff ? diff(text.slice(0, to)) : isTerminal ? ansi(text.slice(0, to)) : visible(text.slice(0, to)));
  show(end);
  if (end === text.length) {
    return body;
  }

  const left = (/** @type {number} */ from) => {
    const rest = text.slice(from, from + 4 * chunk).split('\n').length - 1;
    return text.length - from <= chunk ? `Show ${rest > 0 ? `${count(rest)} more lines` : `${count(text.length - from)} more characters`}` : `Show more of ${bytes(text.length - from)}`;
  };
  let shown = end;
  const more = h('button', {
    class: 'more', type: 'button', onclick: (/** @type {Event} */ e) => {
      e.stopPropagation();
      shown = safeEnd(text, Math.min(text.length, shown + chunk));
      show(shown);
      shown === text.length ? more.remove() : fill(more, left(shown));
    },
  }, left(end));
  return h('div', { class: 'cut' }, body, more);
}

/**
 * Where the beginning of a text ends that has so many lines and characters at most.
 * @param {string} text
 * @param {number} lines
 * @param {number} chars
 */
function endOf(text, lines, chars) {
  let end = -1;
  for (let line = 0; line < lines; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0 || end > chars) {
      break;
    }
  }

  // What is nearly all of it is all of it.
  const last = end < 0 ? Math.min(text.length, chars) : Math.min(end, chars);
  return text.length - last < 200 ? text.length : safeEnd(text, last);
}

/**
 * Not within a pair that makes one character.
 * @param {string} text
 * @param {number} end
 */
function safeEnd(text, end) {
  const code = text.charCodeAt(end - 1);
  return end < text.length && code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}
