import { h } from './html.js';
import { count, short, words } from './format.js';
import { plain, visible } from './visible.js';
import { Rows } from './rows.js';
import { newIn } from './history.js';
import { choose, current, soon, whenChosen } from './store.js';

/** @typedef {{ type: 'all' | 'turn' | 'request' | 'compaction', request?: number, node?: ViewNode, id?: string, place?: number }} Entry */

/**
 * The way through a rollout: an agent's turns, and the requests in each.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function requestsPanel(rollout) {
  /** @type {Entry[]} */
  let entries = [];
  const list = new Rows({ label: 'Requests', role: 'list', rowRole: 'listitem', estimate: 30, render: row => entryOf(rollout, entries[row]) });
  const agents = h('select', { 'aria-label': 'Agent', onchange: () => toThread(rollout, Number(agents.value)) },
    rollout.doc.threads.map((thread, i) => h('option', { value: i }, plain(thread.agent_path), thread.nickname ? ` (${plain(thread.nickname)})` : '')));
  const panel = h('nav', { class: 'requests', 'aria-label': 'Requests' }, agents, list.element);

  const show = () => {
    entries = entriesOf(rollout, current().thread);
    list.reset(entries.length);
    mark();
  };
  const mark = () => {
    const { request, thread } = current();
    agents.value = String(thread);
    panel.querySelectorAll('[aria-current]').forEach(element => element.removeAttribute('aria-current'));
    const row = entries.findIndex(entry => request === null ? entry.type === 'all' : entry.request === request);
    list.show(row);
    list.shown.get(row)?.querySelector('button')?.setAttribute('aria-current', 'true');
  };
  whenChosen((state, before) => state.thread !== before.thread ? show() : state.request !== before.request && mark());
  show();
  // What leads to a place needs one: the list is in the page only after it was made.
  soon(mark);
  return panel;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} thread
 */
function toThread(rollout, thread) {
  choose({ thread, request: rollout.requestsOf[thread][0] ?? null, thing: null });
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} thread
 * @returns {Entry[]}
 */
function entriesOf(rollout, thread) {
  /** @type {Entry[]} */
  const entries = [{ type: 'all' }];
  let turn = '';
  (rollout.requestsOf[thread] ?? []).forEach((number, place) => {
    const request = rollout.doc.requests[number];
    if (request.turn !== turn) {
      turn = request.turn;
      entries.push({ type: 'turn', node: rollout.node('turn', turn), id: turn });
    }

    entries.push(...(request.compactions ?? []).map(id => /** @type {Entry} */ ({ type: 'compaction', id })), { type: 'request', request: number, place });
  });
  return entries;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Entry} entry
 * @returns {HTMLElement}
 */
function entryOf(rollout, entry) {
  switch (entry.type) {
    case 'all': return line('all', () => choose({ request: null, thing: null, panel: 'conversation' }), [h('span', { class: 'grow' }, 'All that was said'), h('span', { class: 'faint', 'aria-hidden': 'true' }, 'tokens in')]);
    case 'turn': return h('div', { class: 'entry turn' }, h('span', { class: entry.node?.is_failure ? 'dot bad' : 'dot' }), h('span', { class: 'preview', title: plain(entry.node?.preview ?? '') }, ...visible(entry.node?.preview ?? entry.id ?? '')));
    case 'compaction': return line('compaction', () => rollout.whenWhole(() => choose({ thing: rollout.thing('compaction', entry.id ?? ''), panel: 'context' })), [h('span', null, '✂ compaction')]);
    default: return requestLine(rollout, entry.request ?? 0, entry.place ?? 0);
  }
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} number
 * @param {number} place
 */
function requestLine(rollout, number, place) {
  const node = rollout.nodeOf(number);
  const called = rollout.doc.requests[number].response.flatMap(([first, last]) => rollout.doc.items.slice(first, last + 1)).filter(item => item.name !== undefined);
  const about = node?.is_failure ? words(node.status) : called.length > 0 ? called.map(item => item.name).join(', ') : node?.preview ?? words(node?.status ?? '');
  const element = line('request', () => choose({ request: number, thing: null }), [
    h('span', { class: 'place' }, String(place + 1)),
    h('span', { class: `preview${node?.is_failure ? ' bad' : ''}` }, ...visible(about)),
    h('span', { class: 'faint' }, node?.usage ? short(node.usage.input_tokens) : rollout.doc.requests[number].is_unknown ? '?' : `${count(newIn(rollout, number).size)} new`),
  ]);
  if (current().request === number) {
    element.querySelector('button')?.setAttribute('aria-current', 'true');
  }

  return element;
}

/**
 * @param {string} kind
 * @param {() => void} act
 * @param {HTMLElement[]} children
 */
function line(kind, act, children) {
  return h('div', { class: `entry ${kind}` }, h('button', { type: 'button', class: 'plain', onclick: act }, children));
}
