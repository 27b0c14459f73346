import { h } from './html.js';
import { visible } from './visible.js';
import { textBlock } from './text.js';
import { parse, tree } from './tree.js';
import { imageIn } from './image.js';
import { count } from './format.js';

/**
 * What an item says, part by part.
 * @param {Item} item
 * @returns {HTMLElement[]}
 */
export function partsOf(item) {
  if (item.parts === undefined) {
    return [h('p', { class: 'absent' }, 'This page was made without content.')];
  }

  return item.parts.length === 0 ? [h('p', { class: 'absent' }, 'It says nothing.')] : item.parts.map(part => partOf(part, item));
}

/**
 * @param {Part} part
 * @param {Item} item
 * @returns {HTMLElement}
 */
function partOf(part, item) {
  const text = part.text ?? '';
  switch (part.type) {
    case 'code': return textBlock(text, { kind: 'code', lines: 30 });
    case 'json': return jsonPart(text);
    case 'encoded': return h('p', { class: 'absent' }, ...visible(`${part.label}, ${count(part.length ?? 0)} characters that only the provider can read`));
    case 'payload_ref': return reference(part);
    default: return isOutput(item) ? output(text) : textBlock(text, { lines: item.kind === 'reasoning' ? 12 : 40 });
  }
}

/** @param {Item} item */
function isOutput(item) {
  return item.kind === 'function_call_output' || item.kind === 'custom_tool_call_output';
}

/** @param {string} text */
function output(text) {
  const value = /^\s*[[{]/.test(text) ? parse(text) : undefined;
  return typeof value === 'object' && value !== null ? tree(value) : textBlock(text, { lines: 16, isTerminal: true });
}

/**
 * Arguments: a member that is a text of lines is shown as one.
 * @param {string} text
 */
function jsonPart(text) {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) {
    return textBlock(text, { kind: 'code' });
  }

  if (Array.isArray(value)) {
    return tree(value);
  }

  return h('dl', { class: 'arguments' }, Object.entries(value).map(([name, member]) =>
    h('div', null, h('dt', null, ...visible(name)), h('dd', null, typeof member === 'string' ? textBlock(member, { kind: 'code', lines: 30 }) : tree(member, true)))));
}

/** @param {Part} part */
function reference(part) {
  const image = part.json === undefined ? null : imageIn(part.json);
  if (image) {
    return h('figure', null, h('img', { src: image.url, width: image.width, height: image.height, alt: `an image that the payload has, ${image.width} by ${image.height}`, loading: 'lazy' }));
  }

  const value = part.json === undefined ? undefined : parse(part.json);
  return h('div', null, h('p', { class: 'absent' }, ...visible(`${part.label ?? 'something'} in a payload, which is no image that can be shown`)), typeof value === 'object' && value !== null && tree(value, false));
}
