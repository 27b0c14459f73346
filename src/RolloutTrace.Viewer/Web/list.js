import { h, fill } from './html.js';
import { bytes, count, counted, duration, short, shortId, time, words } from './format.js';
import { plain, visible } from './visible.js';
import { Rows } from './rows.js';
import { whenChanged } from './source.js';

/**
 * @typedef {{ bundle: string, rollout_id: string, started_at_unix_ms: number, last_event_at_unix_ms: number | null, status: string, status_evidence: string | null, agents: string[], turns: number,
 *   parts?: number, requests: number, tool_calls: number, models: string[], first_user_message: string | null, bytes: number, usage: Usage | null, unreadable_lines: number }} Overview
 */

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const standings = ['running', 'completed', 'failed', 'aborted', 'died', 'cut', 'unended'];

/** @type {Overview[]} */
let all = [];
/** @type {Overview[]} */
let shown = [];
/** Why there is nothing: in words, if the directory is not there. @type {string | undefined} */
let missing;

const rows = new Rows({ label: 'Rollouts', role: 'list', rowRole: 'listitem', estimate: 64, render: row => entry(shown[row]) });
const search = h('input', { type: 'search', class: 'search-box', 'aria-label': 'Search', placeholder: 'Search  /', autocomplete: 'off', spellcheck: 'false', oninput: () => choose() });
const status = h('select', { 'aria-label': 'Status', onchange: () => choose() }, h('option', { value: '' }, 'any status'), standings.map(standing => h('option', { value: standing }, words(standing))));
const found = h('p', { class: 'faint', role: 'status' });
const note = h('div', { class: 'note', role: 'status' });
const errors = h('details', { class: 'errors', hidden: true });
const root = h('span', { class: 'facts' });
const theme = h('button', { type: 'button', class: 'plain', 'aria-label': 'Light or dark', title: 'key t', onclick: toggleTheme }, '◐');

document.title = 'Rollouts · RolloutTrace';
document.addEventListener('keydown', e => {
  if (!e.ctrlKey && !e.altKey && !e.metaKey && !/** @type {HTMLElement} */ (e.target).matches('input, select')) {
    if (e.key === '/') {
      e.preventDefault();
      search.focus();
    } else if (e.key === 't') {
      toggleTheme();
    }
  }
});
whenChanged('list', show, problem => {
  fill(note, problem !== null && h('span', { class: 'bad' }, ...visible(problem)));
  all.length === 0 && problem !== null && app.querySelector('.loading')?.replaceChildren(problem);
});

/** @param {{ root: string, missing?: string, list: { bundles: Overview[], errors: string[] } }} answer */
function show(answer) {
  all = answer.list.bundles;
  missing = answer.missing;
  if (!app.contains(rows.element)) {
    fill(app,
      h('header', { class: 'banner' }, h('div', { class: 'head-line' }, h('h1', null, 'Rollouts'), root, h('span', { class: 'grow' }), theme),
        h('p', { class: 'privacy' }, 'This page is from this machine, and nobody else gets it. It is about what is there now, newest first.')),
      h('div', { class: 'bar list-bar', role: 'search' }, search, status, found), note, h('main', { class: 'list', 'aria-label': 'Rollouts' }, rows.element, errors));
  }

  fill(root, ...visible(answer.root));
  errors.hidden = answer.list.errors.length === 0;
  fill(errors, h('summary', { class: 'bad' }, `${counted(answer.list.errors.length, 'bundle')} cannot be read`), h('ul', { class: 'plain-list' }, answer.list.errors.map(error => h('li', null, ...visible(error)))));
  choose(true);
}

/**
 * Shows those that are looked for. What comes to the list does not move what is being looked at.
 * @param {boolean} [keepPlace]
 */
function choose(keepPlace = false) {
  const words = search.value.toLowerCase().split(/\s+/).filter(word => word !== '');
  const { scrollTop } = rows.element;
  const first = scrollTop > 0 ? rows.heights.at(scrollTop) : -1;
  const anchor = first < 0 ? undefined : shown[first]?.bundle;
  const offset = first < 0 ? 0 : scrollTop - rows.heights.before(first);
  const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest('[data-bundle]'))?.dataset.bundle;
  shown = all.filter(rollout => (status.value === '' || rollout.status === status.value) && words.every(word => textOf(rollout).includes(word)));
  rows.reset(shown.length, keepPlace);
  const place = keepPlace && anchor !== undefined ? shown.findIndex(rollout => rollout.bundle === anchor) : -1;
  if (place >= 0) {
    rows.element.scrollTop = rows.heights.before(place) + offset;
    rows.update();
  }

  if (focused !== undefined) {
    [...rows.shown.values()].find(row => row.dataset.bundle === focused)?.querySelector('a')?.focus({ preventScroll: true });
  }

  fill(found, missing !== undefined ? h('span', { class: 'bad' }, ...visible(`${missing[0].toUpperCase()}${missing.slice(1)}. This page shows the first as soon as it is there.`))
    : all.length === 0 ? 'There is no rollout yet; this page shows the first as soon as it is there.'
    : shown.length === all.length ? counted(all.length, 'rollout') : `${count(shown.length)} of ${counted(all.length, 'rollout')}`);
}

/** @param {Overview} rollout */
function textOf(rollout) {
  return [rollout.bundle, rollout.rollout_id, rollout.status, rollout.first_user_message ?? '', ...rollout.models, ...rollout.agents].join('\n').toLowerCase();
}

/** @param {Overview} rollout */
function entry(rollout) {
  const { usage } = rollout;
  const took = rollout.last_event_at_unix_ms === null ? undefined : Math.max(0, rollout.last_event_at_unix_ms - rollout.started_at_unix_ms);
  return h('div', { class: 'overview', 'data-bundle': rollout.bundle },
    h('div', { class: 'head-line' },
      h('span', { class: `status ${rollout.status}`, title: rollout.status_evidence && plain(rollout.status_evidence) }, words(rollout.status)),
      h('a', { class: 'said', href: `rollout?name=${encodeURIComponent(rollout.bundle)}` }, ...visible(rollout.first_user_message ?? `rollout ${shortId(rollout.rollout_id)}`))),
    h('p', { class: 'facts' }, [time(rollout.started_at_unix_ms), duration(took), rollout.parts !== undefined && counted(rollout.parts, 'recording'), rollout.agents.length > 1 && counted(rollout.agents.length, 'agent'), counted(rollout.turns, 'turn'), counted(rollout.requests, 'request'), counted(rollout.tool_calls, 'tool call'),
      usage && `${short(usage.input_tokens)} tokens in, ${short(usage.output_tokens)} out`, bytes(rollout.bytes), plain(rollout.models.join(', ')), rollout.unreadable_lines > 0 && `${counted(rollout.unreadable_lines, 'line')} unreadable`]
      .filter(Boolean).map(fact => h('span', null, fact)), h('span', { class: 'id' }, ...visible(rollout.bundle))));
}

function toggleTheme() {
  const isDark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
}
