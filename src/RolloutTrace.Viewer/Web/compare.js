import { h, fill } from './html.js';
import { count, counted, duration, short, shortId, words } from './format.js';
import { plain, visible } from './visible.js';
import { inflate } from './inflate.js';
import { Rows } from './rows.js';

/**
 * @typedef {{ id: string, role: string, kind: string, tool?: string, text?: string, volatile?: [number, number, string][] }} SideItem
 * @typedef {{ is_same?: boolean, a?: SideItem, b?: SideItem }} Pair
 * @typedef {{ kind: string, what: string, name?: string, source?: string, consequences: number, agent: string, a?: string, b?: string, conversation?: number, row?: number }} Difference
 * @typedef {{ bundle: string, rollout_id: string, status: string, requests: number, tool_calls: number, input_tokens?: number, output_tokens?: number, wall_ms?: number }} Run
 * @typedef {{ has_content: boolean, runs: [Run, Run], differences: Difference[], volatile: { what: string, count: number }[], gave_up?: string, conversations: { a?: string, b?: string, rows: Pair[] }[] }} Comparison
 */

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const mostShown = 3000;

/** @type {Comparison} */
let doc;
let shown = 0;
let place = -1;
/** @type {Set<string>} */
const opened = new Set();
const rows = new Rows({ label: 'Two conversations side by side', role: 'list', rowRole: 'listitem', estimate: 90, render: row => pairOf(row) });
const agent = h('select', { 'aria-label': 'Agent', onchange: () => choose(Number(agent.value)) });
const said = h('p', { class: 'difference', role: 'status' });
const back = h('button', { type: 'button', title: 'key p', onclick: () => step(-1) }, '‹ before');
const next = h('button', { type: 'button', title: 'key n', onclick: () => step(1) }, 'next ›');
const theme = h('button', { type: 'button', class: 'plain', 'aria-label': 'Light or dark', title: 'key t', onclick: toggleTheme }, '◐');

inflate('data').then(start, problem => fill(app, h('p', { class: 'loading bad' }, String(problem))));

/** @param {Comparison} document_ */
function start(document_) {
  doc = document_;
  document.title = 'Two runs · RolloutTrace';
  fill(agent, doc.conversations.map((one, i) => h('option', { value: String(i) }, plain(`${one.a ?? one.b ?? ''}${one.a && one.b ? '' : one.a ? ' (only A)' : ' (only B)'}`))));
  fill(app,
    h('header', { class: 'banner' },
      h('div', { class: 'head-line' }, h('h1', null, doc.differences.length === 0 ? 'The runs are alike' : counted(doc.differences.length, 'difference')), h('span', { class: 'grow' }), theme),
      h('p', { class: 'privacy' }, doc.has_content ? 'This page holds all that was said in both runs.' : 'This page was made without content.'),
      doc.volatile.length > 0 && h('p', { class: 'facts' }, 'Never the same, and no difference: ', doc.volatile.map(one => h('span', null, h('span', { class: 'volatile' }, ...visible(words(one.what))), ` ${count(one.count)}`))),
      doc.gave_up && h('p', { class: 'bad' }, ...visible(doc.gave_up))),
    h('div', { class: 'bar compare-bar' }, agent, back, next, said),
    h('div', { class: 'sides' }, doc.runs.map((run, i) => runOf(run, i))),
    h('main', { class: 'list', 'aria-label': 'Two conversations side by side' }, rows.element));
  document.addEventListener('keydown', key);
  const first = doc.differences.findIndex(one => one.row !== undefined);
  choose(first < 0 ? 0 : doc.differences[first].conversation ?? 0);
  doc.differences.length > 0 && go(Math.max(0, first));
  tell();
}

/**
 * @param {Run} run
 * @param {number} i
 */
function runOf(run, i) {
  return h('section', { class: 'side', 'aria-label': `Run ${'AB'[i]}` },
    h('h2', null, `${'AB'[i]}  `, h('span', { class: 'id' }, ...visible(run.bundle))),
    h('p', { class: 'facts' }, [words(run.status), counted(run.requests, 'request'), counted(run.tool_calls, 'tool call'), run.input_tokens !== undefined && run.output_tokens !== undefined && `${short(run.input_tokens)} tokens in, ${short(run.output_tokens)} out`, duration(run.wall_ms)].filter(Boolean).map(fact => h('span', null, fact))));
}

/** @param {number} conversation */
function choose(conversation) {
  shown = conversation;
  agent.value = String(conversation);
  rows.reset(doc.conversations[conversation]?.rows.length ?? 0);
}

/** @param {number} by */
function step(by) {
  if (doc.differences.length > 0) {
    go(Math.min(doc.differences.length - 1, Math.max(0, place + by)));
  }
}

/** @param {number} number */
function go(number) {
  place = number;
  const { conversation, row } = doc.differences[number];
  if (conversation !== undefined && row !== undefined) {
    if (conversation !== shown) {
      choose(conversation);
    }

    [...rows.shown.keys()].forEach(each => rows.refresh(each));
    rows.show(row, true);
  }

  tell();
}

function tell() {
  const one = doc.differences[place];
  fill(said, one === undefined ? 'Nothing differs but what never is the same in two runs.' : [h('strong', null, place === 0 ? 'First: ' : `${count(place + 1)} of ${count(doc.differences.length)}: `), ...visible(nameOf(one)),
    one.row === undefined && one.a !== undefined && h('span', { class: 'faint' }, ...visible(`  A: ${one.a}`)), one.row === undefined && one.b !== undefined && h('span', { class: 'faint' }, ...visible(`  B: ${one.b}`))]);
  back.disabled = place <= 0;
  next.disabled = place >= doc.differences.length - 1;
}

/** @param {Difference} one */
function nameOf(one) {
  const what = `${words(one.what)}${one.name ? ` ${one.name}` : ''}${one.source ? `, from ${words(one.source)}` : ''}`;
  const sentence = one.kind === 'choice' ? `the model saw the same and chose otherwise (${what})` : one.kind === 'input' ? `the model was shown something else (${what})` : `${words(one.kind)} (${what})`;
  return `${sentence}, ${one.agent}${one.consequences > 0 ? `; ${counted(one.consequences, 'place')} differ because of it` : ''}`;
}

/** @param {number} row */
function pairOf(row) {
  const pair = doc.conversations[shown].rows[row];
  const causes = doc.differences.map((one, i) => ({ one, i })).filter(({ one }) => one.conversation === shown && one.row === row);
  const state = pair.is_same ? 'same' : pair.a && pair.b ? 'differs' : pair.a ? 'only in A' : 'only in B';
  return h('div', { class: `pair${pair.is_same ? '' : ' is-other'}${causes.length > 0 ? ' is-cause' : ''}${causes.some(({ i }) => i === place) ? ' is-chosen' : ''}`, 'aria-label': plain(`${titleOf(pair.a ?? pair.b)}, ${state}${causes.some(({ i }) => i === 0) ? ', differs first' : ''}`) },
    causes.map(({ one, i }) => h('p', { class: 'cause' }, h('span', { class: 'badge new' }, i === 0 ? 'first' : count(i + 1)), ' ', ...visible(nameOf(one)))),
    h('div', { class: 'sides' }, sideOf(pair, 'a', row), sideOf(pair, 'b', row)));
}

/**
 * @param {Pair} pair
 * @param {'a' | 'b'} name
 * @param {number} row
 */
function sideOf(pair, name, row) {
  const item = pair[name];
  if (item === undefined) {
    return h('div', { class: 'side is-empty', 'aria-label': `nothing in ${name.toUpperCase()}` });
  }

  return h('div', { class: 'side' },
    h('header', null, h('span', { class: 'who' }, ...visible(titleOf(item))), ' ', h('span', { class: 'faint id' }, ...visible(shortId(item.id)))),
    item.text === undefined ? h('p', { class: 'absent' }, 'This page was made without content.') : textOf(item, pair.is_same ? undefined : pair[name === 'a' ? 'b' : 'a'], `${shown} ${row} ${name}`));
}

/** @param {SideItem | undefined} item */
function titleOf(item) {
  return item === undefined ? '' : item.kind === 'message' ? item.role : `${words(item.kind)}${item.tool ? ` ${item.tool}` : ''}`;
}

/**
 * A text in which what is volatile is named, and what the other has not is marked. Of a long one the beginning is shown, and the rest when it is asked for.
 * @param {SideItem} item
 * @param {SideItem | undefined} other
 * @param {string} key
 */
function textOf(item, other, key) {
  const text = item.text ?? '';
  const [from, to] = other === undefined ? [text.length, text.length] : changed(item, other);
  // What differs is seen, wherever in the text it is.
  const begin = opened.has(key) || from < mostShown / 2 || from === text.length ? 0 : from - mostShown / 4;
  const end = opened.has(key) ? text.length : Math.min(text.length, begin + mostShown);
  /** @type {Node[]} */
  const pieces = [];
  const add = (/** @type {number} */ start, /** @type {number} */ stop, /** @type {string} */ kind) => {
    for (const [left, right, isChanged] of /** @type {[number, number, boolean][]} */ ([[start, Math.min(stop, from), false], [Math.max(start, from), Math.min(stop, to), true], [Math.max(start, to), stop, false]])) {
      const [first, last] = [Math.max(left, begin), Math.min(right, end)];
      if (first < last) {
        const inside = kind === '' ? visible(text.slice(first, last)) : [h('span', { class: 'volatile', title: plain(words(kind)) }, ...visible(text.slice(first, last)))];
        pieces.push(isChanged ? h('mark', null, ...inside) : h('span', null, ...inside));
      }
    }
  };
  let at = 0;
  for (const [start, length, what] of item.volatile ?? []) {
    add(at, start, '');
    add(start, start + length, what);
    at = start + length;
  }

  add(at, text.length, '');
  const isWhole = begin === 0 && end === text.length;
  return h('div', null, begin > 0 && h('p', { class: 'faint' }, '…'), h('div', { class: 'text', dir: 'auto' }, ...pieces),
    !isWhole && h('button', { type: 'button', class: 'more', onclick: () => { opened.add(key); rows.refresh(Number(key.split(' ')[1])); } }, `Show all of ${count(text.length)} characters`));
}

/**
 * From where to where a text is another: between what both begin and end with, at whole words. What is volatile is the same in both.
 * @param {SideItem} item
 * @param {SideItem} other
 * @returns {[number, number]}
 */
function changed(item, other) {
  const [text, against] = [steadyOf(item), steadyOf(other)];
  const most = Math.min(text.length, against.length);
  let from = 0;
  while (from < most && text[from] === against[from]) {
    from++;
  }

  let end = 0;
  while (end < most - from && text[text.length - 1 - end] === against[against.length - 1 - end]) {
    end++;
  }

  let to = text.length - end;
  while (from > 0 && from < text.length && /\w/.test(text[from]) && /\w/.test(text[from - 1])) {
    from--;
  }

  while (to < text.length && to > from && /\w/.test(text[to]) && /\w/.test(text[to - 1])) {
    to++;
  }

  return [placeOf(item, from), placeOf(item, to)];
}

/**
 * The text with one mark in the place of each piece that is volatile.
 * @param {SideItem} item
 */
function steadyOf(item) {
  const text = item.text ?? '';
  let at = 0;
  const kept = (item.volatile ?? []).map(([start, length]) => {
    const before = text.slice(at, start);
    at = start + length;
    return `${before}\u0001`;
  });
  return kept.join('') + text.slice(at);
}

/**
 * Where in the text a place is that is known without what is volatile.
 * @param {SideItem} item
 * @param {number} place
 */
function placeOf(item, place) {
  let shift = 0;
  for (const [start, length] of item.volatile ?? []) {
    if (start - shift >= place) {
      break;
    }

    shift += length - 1;
  }

  return place + shift;
}

/** @param {KeyboardEvent} e */
function key(e) {
  if (e.ctrlKey || e.altKey || e.metaKey || /** @type {HTMLElement} */ (e.target).matches('input, select')) {
    return;
  }

  /** @type {Record<string, () => void>} */
  const keys = { n: () => step(1), p: () => step(-1), t: toggleTheme, J: () => turn(1), K: () => turn(-1) };
  if (keys[e.key]) {
    e.preventDefault();
    keys[e.key]();
  }
}

/** @param {number} by */
function turn(by) {
  choose((shown + by + doc.conversations.length) % doc.conversations.length);
}

function toggleTheme() {
  const isDark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
}
