import { h } from './html.js';
import { visible } from './visible.js';

const mostMembers = 200;
const longText = 300;

/**
 * JSON, folded: an object or a list opens when it is wanted.
 * @param {unknown} value
 * @param {boolean} [isOpen]
 * @returns {HTMLElement}
 */
export function tree(value, isOpen = true) {
  return h('div', { class: 'json' }, valueOf(value, isOpen));
}

/**
 * What a text of JSON says; undefined if it is none.
 * @param {string} text
 * @returns {unknown}
 */
export function parse(text) {
  try {
    // A number that would lose digits stays as it is written.
    return JSON.parse(text, /** @type {any} */ (exactly));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} _
 * @param {unknown} value
 * @param {{ source?: string } | undefined} context Where browsers give it, how the value is written.
 */
function exactly(_, value, context) {
  return typeof value === 'number' && context?.source !== undefined && !Number.isSafeInteger(value) && String(value) !== context.source ? new Digits(context.source) : value;
}

class Digits {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
  }
}

/**
 * @param {unknown} value
 * @param {boolean} isOpen
 * @returns {HTMLElement}
 */
function valueOf(value, isOpen) {
  if (typeof value === 'string') {
    return h('span', { class: 'json-string' }, ...visible(value.length > longText && !isOpen ? `${value.slice(0, longText)}…` : value));
  }

  if (value instanceof Digits || typeof value !== 'object' || value === null) {
    return h('span', { class: 'json-plain' }, value instanceof Digits ? value.source : String(value));
  }

  const isList = Array.isArray(value);
  const members = Object.entries(value);
  if (members.length === 0) {
    return h('span', { class: 'json-plain' }, isList ? '[]' : '{}');
  }

  const label = isList ? `list of ${members.length}` : members.slice(0, 4).map(([name]) => name).join(', ') + (members.length > 4 ? ', …' : '');
  return folded(label, isOpen, () => listOf(members, isList, 0));
}

/**
 * @param {[string, unknown][]} members
 * @param {boolean} isList
 * @param {number} from
 * @returns {HTMLElement}
 */
function listOf(members, isList, from) {
  const rows = members.slice(from, from + mostMembers).map(([name, value]) =>
    h('div', { class: 'json-member' }, h('span', { class: 'json-name' }, ...visible(isList ? String(Number(name) + 1) : name)), ' ', valueOf(value, false)));
  const rest = members.length - from - mostMembers;
  return h('div', { class: 'json-members' }, rows, rest > 0 && folded(`${rest} more`, false, () => listOf(members, isList, from + mostMembers)));
}

/**
 * @param {string} label
 * @param {boolean} isOpen
 * @param {() => HTMLElement} content Made when it is first seen.
 */
function folded(label, isOpen, content) {
  const details = h('details', { open: isOpen, ontoggle: () => details.open && details.children.length === 1 && details.append(content()) }, h('summary', null, ...visible(label)));
  if (isOpen) {
    details.append(content());
  }

  return details;
}
