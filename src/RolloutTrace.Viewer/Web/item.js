import { h } from './html.js';
import { bytes, duration, shortId, words } from './format.js';
import { plain, visible } from './visible.js';
import { partsOf } from './parts.js';
import { addressOf } from './store.js';

/**
 * One item of a conversation.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} number
 * @param {{ isNew: boolean, depth: number, note?: string }} place
 * @returns {HTMLElement}
 */
export function itemRow(rollout, number, { isNew, depth, note }) {
  const item = rollout.doc.items[number];
  const title = titleOf(item);
  const tool = item.tool === undefined ? undefined : rollout.node('tool_call', item.tool);
  const isCall = item.kind === 'function_call' || item.kind === 'custom_tool_call';
  const row = h('div', { class: `item from-${sideOf(item)}${isNew ? ' is-new' : ''}`, 'aria-label': `${plain(title)}${isNew ? ', new' : ''}` },
    h('header', null,
      h('span', { class: 'who' }, ...visible(title)),
      item.channel && item.kind === 'message' && h('span', { class: 'faint' }, words(item.channel)),
      isNew && h('span', { class: 'badge new' }, 'new'),
      note && h('span', { class: 'badge' }, note),
      isCall && tool && statusOf(tool),
      h('span', { class: 'grow' }),
      h('span', { class: 'faint' }, bytes(item.bytes)),
      whyLink(item.id, 'Why it is there')),
    h('div', { class: 'body' }, partsOf(item.repeats === undefined ? item : rollout.doc.items[item.repeats])));
  if (depth > 0) {
    row.style.marginInlineStart = `${depth * 1.5}rem`;
  }

  return row;
}

/**
 * The way to the causes and effects of what an id names.
 * @param {string} id
 * @param {string} title
 */
export function whyLink(id, title) {
  return h('a', { class: 'faint id', href: addressOf(id), title }, h('span', { class: 'ask' }, 'why'), ' ', ...visible(shortId(id)));
}

/**
 * What people call an item.
 * @param {Item} item
 */
export function titleOf(item) {
  switch (item.kind) {
    case 'message':
      return item.author !== undefined ? `from ${item.author} to ${item.recipient}`
        : item.origin === 'summary' ? `${item.role}, summary of a compaction` : item.role;
    case 'function_call': case 'custom_tool_call': return `calls ${item.name ?? item.call_id ?? 'a tool'}`;
    case 'function_call_output': case 'custom_tool_call_output': return `output of ${item.origin_tool ?? item.name ?? item.call_id ?? 'a tool'}`;
    default: return words(item.kind);
  }
}

/** @param {Item} item */
function sideOf(item) {
  return item.origin === 'tool_output' ? 'tool' : item.kind === 'reasoning' ? 'reasoning' : item.origin === 'assistant' && item.kind !== 'message' ? 'call' : item.origin;
}

/**
 * How something ended, and how long it took.
 * @param {ViewNode} node
 * @returns {HTMLElement}
 */
export function statusOf(node) {
  const took = duration(node.duration_ms);
  return h('span', { class: `status ${node.is_failure ? 'bad' : node.status}`, title: node.error ? plain(node.error) : undefined },
    node.status === 'completed' && !node.is_failure ? '' : `${words(node.is_failure && node.status === 'completed' ? 'failed' : node.status)} `, took);
}
