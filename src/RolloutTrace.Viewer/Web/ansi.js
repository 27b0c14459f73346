import { h } from './html.js';
import { visible } from './visible.js';

// Colours and weights (SGR); other sequences; and sequences with a text of their own, such as titles and links.
const sequence = /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[@-Z\\-_=>()#][0-9A-B]?/g;

/** @typedef {{ fg?: string, bg?: string, bold?: boolean, dim?: boolean, italic?: boolean, underline?: boolean, inverse?: boolean }} Style */

/**
 * Terminal output in its colours. What would move a cursor is left out; what is no sequence is shown.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function ansi(text) {
  if (!text.includes('\u001b')) {
    return visible(text);
  }

  const nodes = [];
  /** @type {Style} */
  let style = {};
  let at = 0;
  for (const match of text.matchAll(sequence)) {
    nodes.push(...styled(text.slice(at, match.index), style));
    at = match.index + match[0].length;
    if (match[1] !== undefined) {
      style = after(style, match[1]);
    }
  }

  nodes.push(...styled(text.slice(at), style));
  return nodes;
}

/**
 * @param {string} text
 * @param {Style} style
 */
function styled(text, style) {
  if (text === '') {
    return [];
  }

  const { fg, bg } = style.inverse ? { fg: style.bg ?? 'inverse', bg: style.fg ?? 'inverse' } : style;
  const names = [fg && `fg-${fg}`, bg && `bg-${bg}`, ...['bold', 'dim', 'italic', 'underline'].filter(name => style[/** @type {keyof Style} */ (name)])].filter(Boolean);
  return names.length === 0 ? visible(text) : [h('span', { class: names.join(' ') }, ...visible(text))];
}

/**
 * @param {Style} style
 * @param {string} codes
 * @returns {Style}
 */
function after(style, codes) {
  const next = { ...style };
  const list = codes.split(/[;:]/).map(Number);
  for (let i = 0; i < list.length; i++) {
    const code = list[i];
    if (code === 0) {
      Object.keys(next).forEach(key => delete next[/** @type {keyof Style} */ (key)]);
    } else if (code === 38 || code === 48) {
      // One of the 256; a colour by its three parts is taken for the nearest of them.
      const index = list[i + 1] === 5 ? list[i + 2] : nearest(list[i + 2], list[i + 3], list[i + 4]);
      i += list[i + 1] === 5 ? 2 : 4;
      next[code === 38 ? 'fg' : 'bg'] = nameOf(index);
    } else {
      simple(next, code);
    }
  }

  return next;
}

/**
 * @param {Style} style
 * @param {number} code
 */
function simple(style, code) {
  switch (code) {
    case 1: style.bold = true; break;
    case 2: style.dim = true; break;
    case 3: style.italic = true; break;
    case 4: style.underline = true; break;
    case 7: style.inverse = true; break;
    case 22: style.bold = style.dim = false; break;
    case 23: style.italic = false; break;
    case 24: style.underline = false; break;
    case 27: style.inverse = false; break;
    case 39: delete style.fg; break;
    case 49: delete style.bg; break;
    default:
      if (code >= 30 && code <= 37 || code >= 90 && code <= 97) {
        style.fg = String(code >= 90 ? code - 82 : code - 30);
      } else if (code >= 40 && code <= 47 || code >= 100 && code <= 107) {
        style.bg = String(code >= 100 ? code - 92 : code - 40);
      }
  }
}

/**
 * Sixteen colours have a name in the style sheet; the others are shown as the nearest of these.
 * @param {number} index
 */
function nameOf(index) {
  if (!(index >= 0 && index < 256)) {
    return undefined;
  }

  if (index < 16) {
    return String(index);
  }

  const cube = index - 16;
  const [r, g, b] = index >= 232 ? [0, 0, 0].map(() => (index - 232) * 11) : [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(n => n * 51);
  return String(nearest(r, g, b));
}

/** @type {(r: number, g: number, b: number) => number} */
function nearest(r, g, b) {
  const bright = Math.max(r, g, b) > 200 ? 8 : 0;
  const on = (/** @type {number} */ n) => n > 100 ? 1 : 0;
  return bright + on(r) + 2 * on(g) + 4 * on(b);
}
