import { h, fill } from './html.js';
import { count, words } from './format.js';
import { plain, visible } from './visible.js';
import { rawPlace } from './raw.js';
import { Rows } from './rows.js';
import { find, patternOf } from './find.js';
import { addressOf, choose, current, whenChosen } from './store.js';

/**
 * Where one writes what to look for; what is found stands in the panel.
 * @returns {HTMLInputElement}
 */
export function searchBox() {
  const box = h('input', {
    type: 'search', id: 'search', class: 'search-box', value: current().query, 'aria-label': 'Search', placeholder: 'Search  /', autocomplete: 'off', spellcheck: 'false',
    oninput: () => choose({ query: box.value, panel: 'search' }),
    onkeydown: (/** @type {KeyboardEvent} */ e) => {
      if (e.key === 'Enter' || e.key === 'ArrowDown') {
        e.preventDefault();
        /** @type {HTMLElement | null} */ (document.querySelector('.search [tabindex="0"] a, .search a'))?.focus();
      } else if (e.key === 'Escape') {
        box.blur();
      }
    },
  });
  return box;
}

/**
 * What was found, as one types.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function searchPanel(rollout) {
  /** @type {import('./find.js').Hit[]} */
  let hits = [];
  let running = new AbortController();
  const list = new Rows({ label: 'Hits', role: 'list', rowRole: 'listitem', estimate: 48, render: row => hitRow(hits[row]) });
  const state = h('p', { role: 'status' });
  const panel = h('section', { class: 'panel search', 'aria-label': 'Search' }, h('header', { class: 'panel-head' }, h('h2', null, 'Search'), state), list.element);

  const run = () => {
    running.abort();
    running = new AbortController();
    const pattern = current().query === '' ? null : patternOf(current().query);
    if (pattern === null) {
      hits = [];
      list.reset(0);
      fill(state, current().query === '' ? 'What models saw and said, instructions, tools, commands and what they printed, errors, the payloads of tools, and breadcrumbs. A text, or /an expression/.' : 'That is no whole expression yet.');
      return;
    }

    find(rollout, pattern, running.signal, (found, isDone) => {
      const isFirst = hits.length === 0 || !isSame(hits[0], found[0]);
      if (isFirst || found.length > hits.length || isDone) {
        hits = found.slice();
        list.reset(hits.length, !isFirst);
        fill(state, `${count(hits.length)} ${hits.length === 1 ? 'hit' : 'hits'}${isDone ? '' : ' so far…'}`);
      }
    }).catch(problem => fill(state, `${count(hits.length)} so far, and no more: `, ...visible(problem.message)));
  };
  whenChosen((now, before) => now.query !== before.query && run());
  run();
  return panel;
}

/**
 * @param {import('./find.js').Hit} a
 * @param {import('./find.js').Hit | undefined} b
 */
function isSame(a, b) {
  return a.id === b?.id && a.part === b.part && a.line === b.line && a.match === b.match;
}

/** @param {import('./find.js').Hit} hit */
function hitRow(hit) {
  const place = `${plain(hit.what)}${hit.part === '' ? '' : `, ${plain(words(hit.part))}`}, line ${hit.line}`;
  return h('div', { class: 'hit' },
    hit.payload === undefined ? h('a', { href: addressOf(hit.id) }, place) : place, h('span', { class: 'faint id' }, ' ', ...visible(hit.id)),
    h('div', { class: 'found' }, ...visible(hit.before), h('mark', null, ...visible(hit.match)), ...visible(hit.after)),
    ...hit.payload === undefined ? [] : [rawPlace(hit.payload)]);
}
