import { h, fill } from './html.js';
import { isServed } from './source.js';
import { choose, current, lifetime } from './store.js';

/** @typedef {{ keys: string[], does: string, act: () => void }} Key */

/**
 * What the keyboard does wherever one is on the page, except where one writes.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {{ id: string, name: string }[]} panels
 * @param {{ search: () => void, theme: () => void, why: () => void, catchUp: () => void }} actions
 * @returns {HTMLDialogElement} The list of keys, to be shown when it is asked for.
 */
export function keyboard(rollout, panels, actions) {
  const help = h('dialog', { class: 'help', 'aria-label': 'Keys' });
  const step = (/** @type {number} */ by) => {
    const { thread, request } = current();
    const ofThread = rollout.requestsOf[thread] ?? [];
    const next = request === null ? (by > 0 ? 0 : ofThread.length - 1) : ofThread.indexOf(request) + by;
    if (next >= 0 && next < ofThread.length) {
      choose({ request: ofThread[next], thing: null });
    }
  };
  const agent = (/** @type {number} */ by) => {
    const thread = (current().thread + by + rollout.doc.threads.length) % rollout.doc.threads.length;
    choose({ thread, request: rollout.requestsOf[thread][0] ?? null, thing: null });
  };
  /** @type {Key[]} */
  const keys = [
    { keys: ['j'], does: 'next request', act: () => step(1) },
    { keys: ['k'], does: 'request before', act: () => step(-1) },
    { keys: ['n'], does: 'only what is new, or everything', act: () => choose({ onlyNew: !current().onlyNew }) },
    { keys: ['a'], does: 'all that was said', act: () => choose({ request: null, thing: null, panel: 'conversation' }) },
    { keys: ['J'], does: 'next agent', act: () => agent(1) },
    { keys: ['K'], does: 'agent before', act: () => agent(-1) },
    { keys: ['w'], does: 'why the item is there that has the focus, or the request', act: actions.why },
    { keys: ['/'], does: 'search', act: actions.search },
    ...panels.map((panel, i) => ({ keys: [String(i + 1)], does: panel.name, act: () => choose({ panel: panel.id }) })),
    ...isServed ? [{ keys: ['f'], does: 'show what is new', act: actions.catchUp }] : [],
    { keys: ['t'], does: 'light or dark', act: actions.theme },
    { keys: ['Escape'], does: 'close what is open beside', act: () => choose({ thing: null }) },
    { keys: ['?'], does: 'these keys', act: () => help.showModal() },
  ];
  fill(help, h('h2', null, 'Keys'), h('dl', null, keys.map(key => h('div', null, h('dt', null, h('kbd', null, key.keys.join(' '))), h('dd', null, key.does))),
    h('div', null, h('dt', null, h('kbd', null, '↑ ↓')), h('dd', null, 'from item to item in a list'))), h('form', { method: 'dialog' }, h('button', null, 'Close')));

  document.addEventListener('keydown', e => {
    const target = /** @type {HTMLElement} */ (e.target);
    if (e.defaultPrevented || e.ctrlKey || e.altKey || e.metaKey || help.open || target.matches('input:not([type=checkbox]), select, textarea')) {
      return;
    }

    const key = keys.find(known => known.keys.includes(e.key));
    if (key) {
      e.preventDefault();
      key.act();
    }
  }, { signal: lifetime() });
  return help;
}
