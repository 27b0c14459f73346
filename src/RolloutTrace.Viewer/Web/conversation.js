import { h, fill } from './html.js';
import { bytes, count, counted, words } from './format.js';
import { plain, visible } from './visible.js';
import { Rows } from './rows.js';
import { expand } from './runs.js';
import { compactionsBefore, goneIn, itemsOf, newIn } from './history.js';
import { toolsOf } from './growth.js';
import { itemRow, statusOf, whyLink } from './item.js';
import { isServed } from './source.js';
import { addressOf, choose, current, soon, whenChosen } from './store.js';
import { textBlock } from './text.js';
import { parse, tree } from './tree.js';
import { itemOf } from './places.js';

/**
 * @typedef {{ type: 'given' | 'tools' | 'parameters' | 'compaction' | 'gone' | 'divider' | 'item' | 'agent' | 'work', item?: number, isNew?: boolean, depth?: number, note?: string,
 *   compaction?: Compaction, gone?: number[], text?: string, error?: string, thread?: number, tool?: string }} Row
 */

/**
 * The conversation as the model saw it at the chosen request, or all of a thread.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function conversationPanel(rollout) {
  /** @type {Row[]} */
  let rows = [];
  /** @type {Set<string>} */
  const opened = new Set();
  const list = new Rows({ label: 'Items', role: 'feed', rowRole: 'article', estimate: 90, render: row => rowOf(rows[row]) });
  const head = h('header', { class: 'panel-head' });
  const panel = h('section', { class: 'panel conversation', 'aria-label': 'Conversation' }, head, list.element);

  const show = (/** @type {boolean} */ keepPlace) => {
    const { thread, request, onlyNew } = current();
    rows = request === null ? ofThread(rollout, thread, 0, opened) : ofRequest(rollout, request, onlyNew, opened);
    fill(head, ...headOf(rollout));
    list.reset(rows.length, keepPlace, place().row);
    lead();
  };
  // Where the chosen thing stands among the rows; of a request, what is new. Of others it is not said.
  const place = () => {
    const { thing, request } = current();
    const item = thing === null ? undefined : itemOf(rollout, rollout.doc.things[thing]);
    const chosen = item === undefined ? -1 : rows.findLastIndex(r => r.type === 'item' && r.item === item);
    return chosen >= 0 ? { row: chosen, isChosen: true }
      : thing !== null ? { row: -1 }
      : request !== null ? { row: Math.max(0, rows.findIndex(r => r.isNew)) }
      : { row: isServed ? rows.length - 1 : -1 };
  };
  const lead = () => {
    const { row, isChosen } = place();
    list.show(row);
    isChosen && list.shown.get(row)?.classList.add('is-chosen');
  };

  /** @param {Row} row @returns {HTMLElement} */
  const rowOf = row => {
    switch (row.type) {
      case 'item': return itemRow(rollout, row.item ?? 0, { isNew: row.isNew ?? false, depth: row.depth ?? 0, note: row.note });
      case 'agent': return card(row, `agent ${rollout.agent(row.thread ?? 0)}`, rollout.node('session', rollout.doc.threads[row.thread ?? 0].id));
      case 'work': return card(row, `${row.text}`, rollout.node('tool_call', row.tool ?? ''));
      default: return noteRow(rollout, row);
    }
  };
  /** @param {Row} row @param {string} name @param {ViewNode | undefined} node */
  const card = (row, name, node) => {
    const key = row.tool === undefined ? `thread ${row.thread}` : `tool ${row.tool}`;
    const isOpen = opened.has(key);
    const element = h('div', { class: 'item card', 'aria-label': plain(name) },
      h('button', {
        type: 'button', class: 'plain fold', 'aria-expanded': String(isOpen), onclick: () => rollout.whenWhole(() => {
          isOpen ? opened.delete(key) : opened.add(key);
          const { active } = list;
          show(true);
          list.show(active, true);
        }),
      }, isOpen ? '▾ ' : '▸ ', ...visible(name)),
      node && statusOf(node),
      h('span', { class: 'preview' }, ...visible(node?.preview ?? '')),
      node && whyLink(node.id, 'Why it was called'),
      isOpen && row.tool !== undefined && h('div', { class: 'body' }, workOf(rollout, row.tool)));
    element.style.marginInlineStart = `${((row.depth ?? 0) + 1) * 1.5}rem`;
    return element;
  };

  whenChosen((state, before) => {
    if (state.panel === 'conversation' && (['thread', 'request', 'onlyNew', 'panel'].some(key => state[/** @type {keyof State} */ (key)] !== before[/** @type {keyof State} */ (key)]))) {
      show(false);
    } else if (state.panel === 'conversation' && state.thing !== before.thing) {
      list.element.querySelector('.is-chosen')?.classList.remove('is-chosen');
      lead();
    }
  });
  show(false);
  // What leads to a place needs one: the panel is shown only after it was made.
  soon(lead);
  return panel;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 * @param {boolean} onlyNew
 * @param {Set<string>} opened
 * @returns {Row[]}
 */
function ofRequest(rollout, request, onlyNew, opened) {
  const { given, response, is_unknown } = rollout.doc.requests[request];
  const isNew = newIn(rollout, request);
  const gone = goneIn(rollout, request);
  const compaction = compactionsBefore(rollout, request).at(-1);
  const made = new Set(compaction ? expand(compaction.replacement) : []);
  const node = rollout.nodeOf(request);
  /** @type {Row[]} */
  const rows = given && !onlyNew ? [{ type: 'given' }, { type: 'tools' }, { type: 'parameters' }] : [];
  if (gone.length > 0) {
    rows.push({ type: 'gone', gone });
  }

  if (compaction && (!onlyNew || rollout.doc.requests[request].compactions)) {
    rows.push({ type: 'compaction', compaction });
  }

  if (is_unknown) {
    rows.push({ type: 'divider', text: 'What this request showed is not known: its payload could not be read.' });
  }

  for (const item of itemsOf(rollout, request)) {
    if (!onlyNew || isNew.has(item)) {
      push(rollout, rows, item, { isNew: isNew.has(item), depth: 0, note: made.has(item) ? 'of the compaction' : undefined }, opened);
    }
  }

  const isEmpty = response.length === 0 && node?.error === undefined;
  rows.push({ type: 'divider', text: `Response${node?.status === 'completed' ? '' : `: ${words(node?.status ?? '')}`}`, error: node?.error, note: isEmpty ? noResponse(node) : undefined });
  for (const item of expand(response)) {
    push(rollout, rows, item, { isNew: false, depth: 0, note: undefined }, opened);
  }

  return rows;
}

/** @param {ViewNode | undefined} node */
function noResponse(node) {
  switch (node?.status) {
    case 'running': return 'There is no answer yet.';
    case 'completed': return 'No item of it is known.';
    default: return 'No answer came.';
  }
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} thread
 * @param {number} depth
 * @param {Set<string>} opened
 * @returns {Row[]}
 */
function ofThread(rollout, thread, depth, opened) {
  /** @type {Row[]} */
  const rows = [];
  const markers = new Map(rollout.doc.compactions.map(compaction => [compaction.marker, compaction]));
  for (const item of expand(rollout.doc.threads[thread]?.items ?? [])) {
    const compaction = markers.get(item);
    compaction ? rows.push({ type: 'compaction', compaction, depth }) : push(rollout, rows, item, { isNew: false, depth, note: undefined }, opened);
  }

  return rows;
}

/**
 * An item, and below a call the agents that it spawned and the calls that its code made.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Row[]} rows
 * @param {number} item
 * @param {{ isNew: boolean, depth: number, note: string | undefined }} place
 * @param {Set<string>} opened
 */
function push(rollout, rows, item, place, opened) {
  const { depth } = place;
  rows.push({ type: 'item', item, ...place });
  const { tool, cell, kind } = rollout.doc.items[item];
  if (kind !== 'function_call' && kind !== 'custom_tool_call') {
    return;
  }

  for (const thread of rollout.spawned.get(tool ?? '') ?? []) {
    rows.push({ type: 'agent', thread, depth });
    if (opened.has(`thread ${thread}`) && depth < 32) {
      rows.push(...ofThread(rollout, thread, depth + 1, opened));
    }
  }

  for (const id of rollout.cells.get(cell ?? '')?.tools ?? []) {
    rows.push({ type: 'work', tool: id, text: `its code calls ${rollout.tools.get(id)?.name}`, depth });
  }
}

/**
 * What a call of code did: its command and what that printed.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {string} id
 * @returns {HTMLElement[]}
 */
function workOf(rollout, id) {
  const operation = rollout.operations.get(rollout.tools.get(id)?.operation ?? '');
  const printed = rollout.outputText(operation?.stdout) + rollout.outputText(operation?.stderr);
  return operation
    ? [textBlock(`$ ${operation.command ?? operation.stdin ?? ''}`, { kind: 'code' }), printed === '' ? h('p', { class: 'absent' }, 'It printed nothing.') : textBlock(printed, { isTerminal: true, lines: 16 })]
    : [h('p', { class: 'absent' }, 'What it gave went to the code alone; “why” has its payloads.')];
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Row} row
 * @returns {HTMLElement}
 */
function noteRow(rollout, row) {
  const { request } = current();
  const given = request === null ? undefined : rollout.doc.requests[request].given;
  switch (row.type) {
    case 'given': return folded('Instructions', bytes(given?.instructions_bytes ?? 0), () => given?.instructions === undefined ? absent(rollout) : textBlock(rollout.doc.texts[given.instructions], { lines: 80, chars: 12000 }));
    case 'tools': {
      const tools = given ? toolsOf(rollout, given) : [];
      return folded(counted(tools.length, 'tool'), tools.map(tool => tool.name ?? 'unnamed').join(', '), () => h('div', null, tools.map(tool =>
        h('details', null, h('summary', null, h('strong', null, ...visible(tool.name ?? 'unnamed')), ` ${bytes(tool.bytes)}`),
          tool.description !== undefined && textBlock(tool.description), whole(tool.schema ?? tool.definition)))));
    }
    case 'parameters': {
      /** @type {{ name: string, value?: string }[]} */
      const parameters = given ? JSON.parse(rollout.doc.texts[given.parameters]) : [];
      return folded(counted(parameters.length, 'parameter'), parameters.map(p => `${p.name} ${p.value ?? ''}`).join(', ').slice(0, 200), () =>
        h('dl', { class: 'arguments' }, parameters.map(p => h('div', null, h('dt', null, ...visible(p.name)), h('dd', null, p.value === undefined ? absent(rollout) : tree(parse(p.value) ?? p.value, false))))));
    }
    case 'gone': return folded(`${counted((row.gone ?? []).length, 'item')} went since the request before`, '', () => h('div', { class: 'gone' }, (row.gone ?? []).slice(0, 100).map(i => itemRow(rollout, i, { isNew: false, depth: 0 }))));
    case 'compaction': {
      const { id, input, replacement } = /** @type {Compaction} */ (row.compaction);
      return h('div', { class: 'item boundary', 'aria-label': 'Compaction' }, h('a', { href: addressOf(id) }, `Compaction: ${counted(expand(input).length, 'item')} became ${count(expand(replacement).length)}`), h('span', { class: 'faint' }, ' the history before gave way to what follows'));
    }
    default: return h('div', { class: 'item divider', 'aria-label': plain(row.text ?? '') }, h('h3', null, row.text), row.error !== undefined && h('p', { class: 'error' }, ...visible(row.error)), row.note !== undefined && h('p', { class: 'absent' }, row.note));
  }
}

/** @param {string | undefined} json */
function whole(json) {
  return json !== undefined && tree(parse(json) ?? json);
}

/** @param {import('./rollout.js').Rollout} rollout */
function absent(rollout) {
  return h('p', { class: 'absent' }, rollout.doc.has_content ? 'None.' : 'This page was made without content.');
}

/**
 * @param {string} title
 * @param {string} about
 * @param {() => HTMLElement} content Made when it is first seen.
 */
function folded(title, about, content) {
  const details = h('details', { ontoggle: () => details.open && details.children.length === 1 && details.append(h('div', { class: 'body' }, content())) },
    h('summary', null, h('span', { class: 'who' }, title), h('span', { class: 'preview' }, ...visible(about))));
  return h('div', { class: 'item given', 'aria-label': plain(title) }, details);
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement[]}
 */
function headOf(rollout) {
  const { thread, request, onlyNew } = current();
  if (request === null) {
    const items = expand(rollout.doc.threads[thread]?.items ?? []).length;
    return [h('h2', null, 'All that was said by and to ', ...visible(rollout.agent(thread))), h('p', { class: 'faint' }, `${counted(items, 'item')}, each once, in the order in which they were first seen`)];
  }

  const ofThread = rollout.requestsOf[thread];
  const place = ofThread.indexOf(request);
  const { model, id, is_unknown } = rollout.doc.requests[request];
  const node = rollout.nodeOf(request);
  const added = newIn(rollout, request).size;
  const step = (/** @type {number} */ by, /** @type {string} */ label, /** @type {string} */ key) =>
    h('button', { type: 'button', title: `key ${key}`, disabled: place + by < 0 || place + by >= ofThread.length, onclick: () => choose({ request: ofThread[place + by], thing: null }) }, label);
  return [
    h('div', { class: 'head-line' },
      h('h2', null, `Request ${count(place + 1)} of ${count(ofThread.length)}`),
      step(-1, '‹ Previous', 'k'), step(1, 'Next ›', 'j'),
      h('label', null, h('input', { type: 'checkbox', checked: onlyNew, onchange: (/** @type {Event} */ e) => choose({ onlyNew: /** @type {HTMLInputElement} */ (e.target).checked }) }), ' only what is new'),
      h('span', { class: 'grow' }),
      whyLink(id, 'Why this request')),
    h('p', { class: 'facts' },
      h('span', null, ...visible(rollout.agent(thread))), h('span', null, ...visible(model)), node && statusOf(node),
      node?.usage && h('span', null, `${count(node.usage.input_tokens)} tokens in, ${count(node.usage.cached_input_tokens)} cached, ${count(node.usage.output_tokens)} out`),
      h('span', null, is_unknown ? 'what it showed is not known' : `${count(added)} new${goneIn(rollout, request).length > 0 ? `, ${count(goneIn(rollout, request).length)} gone` : ''}`)),
  ];
}
