import { h, fill } from './html.js';
import { bytes, count, counted, duration, percentage, short, shortId, words } from './format.js';
import { visible } from './visible.js';
import { expand } from './runs.js';
import { splitCompaction } from './history.js';
import { growthOf } from './growth.js';
import { originName, originsIn } from './origins.js';
import { stackedChart } from './chart.js';
import { itemRow } from './item.js';
import { addressOf, choose, current, whenChosen } from './store.js';

const mostItems = 100;

/**
 * What fills the context, request by request; why the cache was missed; and what compactions threw away.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function contextPanel(rollout) {
  let isTokens = true;
  /** @type {Map<number, import('./growth.js').Step[]>} */
  const known = new Map();
  const stepsOf = (/** @type {number} */ thread) => known.get(thread) ?? known.set(thread, growthOf(rollout, thread)).get(thread) ?? [];
  const chart = stackedChart('Context, request by request', place => choose({ request: rollout.requestsOf[current().thread][place], thing: null }));
  const title = h('h2', null);
  const unit = h('select', { 'aria-label': 'Unit', onchange: () => { isTokens = unit.value === 'tokens'; show(); } }, h('option', { value: 'tokens' }, 'in tokens'), h('option', { value: 'bytes' }, 'in bytes'));
  const table = h('section', { 'aria-label': 'Origins' });
  const misses = h('section', { 'aria-label': 'Cache misses' });
  const compactions = h('section', { 'aria-label': 'Compactions' });
  const panel = h('section', { class: 'panel', 'aria-label': 'Context' },
    h('header', { class: 'panel-head head-line' }, title, unit, h('span', { class: 'faint' }, '✂ a compaction, ▼ a cache miss; the strip below is what the cache gave')),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Chart and tables' }, chart.element, h('div', { class: 'two' }, table, h('div', null, misses, compactions))));

  const show = () => {
    const { thread, request } = current();
    const steps = stepsOf(thread);
    const origins = originsIn(steps);
    fill(title, 'What fills the context of ', ...visible(rollout.agent(thread)));
    const chosen = steps.findIndex(step => step.request === request);
    chart.show({
      columns: columnsOf(rollout, steps, origins, isTokens), colours: origins.map(origin => origin.colour), chosen, format: isTokens ? short : bytes,
    });
    fill(table, ...tableOf(rollout, steps[chosen] ?? steps.at(-1), origins, steps));
  };
  const showLists = () => {
    fill(misses, ...missesOf(rollout, current().thread));
    fill(compactions, ...compactionsOf(rollout, current().thread));
  };
  whenChosen((state, before) => {
    if (state.panel === 'context' && (state.thread !== before.thread || state.request !== before.request || before.panel !== 'context')) {
      show();
    }

    if (state.panel === 'context' && (state.thread !== before.thread || state.thing !== before.thing || before.panel !== 'context')) {
      showLists();
    }
  });
  show();
  showLists();
  return panel;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {import('./growth.js').Step[]} steps
 * @param {{ key: string }[]} origins
 * @param {boolean} isTokens
 * @returns {import('./chart.js').Column[]}
 */
function columnsOf(rollout, steps, origins, isTokens) {
  // A request without an answer has no count of its tokens: it is drawn as if it were counted like the one before.
  const first = steps.find(step => step.input !== undefined && step.total > 0);
  let ratio = first?.input === undefined ? 0.25 : first.input / first.total;
  return steps.map((step, i) => {
    const { compactions, miss } = rollout.doc.requests[step.request];
    ratio = step.input !== undefined && step.total > 0 ? step.input / step.total : ratio;
    const factor = isTokens ? ratio : 1;
    const tokens = step.input === undefined ? 'tokens not counted' : `${count(step.input)} tokens, ${count(step.cached)} cached`;
    return {
      parts: origins.map(origin => (step.bytes.get(origin.key) ?? 0) * factor),
      total: step.total * factor,
      cached: step.input ? Math.min(1, step.cached / step.input) : 0,
      isEstimate: isTokens && step.input === undefined,
      isMiss: miss !== undefined,
      isCut: compactions !== undefined,
      about: `Request ${i + 1} of ${steps.length}: ${step.isUnknown ? 'not known what it showed' : bytes(step.total)}, ${tokens}${compactions ? ', after a compaction' : ''}${miss ? `, missed the cache: ${words(miss.cause)}` : ''}`,
    };
  });
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {import('./growth.js').Step | undefined} step
 * @param {{ key: string, colour: string }[]} origins
 * @param {import('./growth.js').Step[]} steps
 * @returns {HTMLElement[]}
 */
function tableOf(rollout, step, origins, steps) {
  if (!step) {
    return [h('p', { class: 'absent' }, 'This agent sent no request.')];
  }

  const rows = origins.filter(origin => step.bytes.has(origin.key)).sort((a, b) => (step.bytes.get(b.key) ?? 0) - (step.bytes.get(a.key) ?? 0));
  const { id } = rollout.doc.requests[step.request];
  return [
    ...step.isUnknown ? [h('p', { class: 'bad' }, 'What this request showed is not known: its payload could not be read.')] : [],
    h('h3', null, `Request ${steps.indexOf(step) + 1} `, h('a', { class: 'id', href: addressOf(id) }, ...visible(shortId(id)))),
    h('table', null,
      h('thead', null, h('tr', null, ['Origin', 'Items', 'Bytes', 'Share', 'Tokens'].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', null, rows.map(({ key, colour }) => {
        const size = step.bytes.get(key) ?? 0;
        const share = step.total === 0 ? 0 : size / step.total;
        const swatch = h('span', { class: 'swatch' });
        swatch.style.background = `var(${colour})`;
        return h('tr', null, h('th', { scope: 'row' }, swatch, ...visible(originName(key))), ...[count(step.counts.get(key) ?? 0), bytes(size), percentage(share), step.input === undefined ? '' : count(Math.round(share * step.input))].map(cell => h('td', null, cell)));
      })),
      h('tfoot', null, h('tr', null, h('th', { scope: 'row' }, 'all'), ...[count([...step.counts.values()].reduce((a, b) => a + b, 0)), bytes(step.total), '', step.input === undefined ? '' : count(step.input)].map(cell => h('td', null, cell))))),
    h('p', { class: 'faint' }, step.input === undefined ? 'The provider did not count its tokens.' : `${count(step.cached)} of its tokens came from the cache. Tokens by origin are estimated by bytes.`),
  ];
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} thread
 * @returns {HTMLElement[]}
 */
function missesOf(rollout, thread) {
  const missed = rollout.requestsOf[thread].filter(i => rollout.doc.requests[i].miss);
  return [h('h3', null, 'Why the cache was missed'), missed.length === 0
    ? h('p', { class: 'absent' }, 'No request is known to have missed it: none found at least a quarter, and 1,024 tokens, less there than it shares with the one before.')
    : h('ul', { class: 'plain-list' }, missed.slice(0, mostItems).map(i => {
      const { miss, id } = rollout.doc.requests[i];
      return h('li', null, h('a', { href: addressOf(id) }, `Request ${rollout.requestsOf[thread].indexOf(i) + 1}`),
        `: ${count(miss?.missed_tokens ?? 0)} tokens read anew. `, ...visible(miss?.reason ?? words(miss?.cause ?? '')),
        miss?.pause_ms !== undefined && h('span', { class: 'faint' }, ` ${duration(miss.pause_ms)} after the request before`));
    }), missed.length > mostItems && h('li', { class: 'absent' }, `and ${count(missed.length - mostItems)} more`))];
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} thread
 * @returns {HTMLElement[]}
 */
function compactionsOf(rollout, thread) {
  const { thing } = current();
  const chosen = thing === null ? undefined : rollout.doc.things[thing].id;
  const made = rollout.doc.compactions.filter(compaction => compaction.thread === thread);
  return [h('h3', null, 'What compactions threw away'), made.length === 0 ? h('p', { class: 'absent' }, 'There were none.') : h('div', null, made.map(compaction => {
    const isChosen = made.length === 1 || compaction.id === chosen || chosen !== undefined && compaction.requests.includes(chosen);
    const next = rollout.requestsOf[thread].findIndex(i => rollout.doc.requests[i].compactions?.includes(compaction.id));
    return folded(`${counted(expand(compaction.input).length, 'item')} became ${count(expand(compaction.replacement).length)}${next < 0 ? '' : `, before request ${next + 1}`}`, isChosen, () => detail(rollout, compaction));
  }))];
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Compaction} compaction
 */
function detail(rollout, compaction) {
  const { gone, stayed, made } = splitCompaction(compaction);
  const size = (/** @type {number[]} */ items) => bytes(items.reduce((sum, i) => sum + rollout.doc.items[i].bytes, 0));
  const group = (/** @type {string} */ name, /** @type {number[]} */ items, /** @type {boolean} */ isOpen) =>
    folded(`${name}: ${counted(items.length, 'item')}, ${size(items)}`, isOpen, () => h('div', { class: 'gone' },
      items.slice(0, mostItems).map(i => itemRow(rollout, i, { isNew: false, depth: 0 })), items.length > mostItems && h('p', { class: 'absent' }, `and ${count(items.length - mostItems)} more`)));
  return h('div', null, group('Written anew, the summary', made, true), group('Stayed', stayed, false), group('Went', gone, true));
}

/**
 * @param {string} name
 * @param {boolean} isOpen
 * @param {() => HTMLElement} content
 */
function folded(name, isOpen, content) {
  const details = h('details', { class: 'group', open: isOpen, ontoggle: () => details.open && details.children.length === 1 && details.append(content()) }, h('summary', null, name));
  if (isOpen) {
    details.append(content());
  }

  return details;
}
