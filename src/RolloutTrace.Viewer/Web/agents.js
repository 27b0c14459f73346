import { h, svg } from './html.js';
import { count, duration, short, words } from './format.js';
import { visible } from './visible.js';
import { Rows } from './rows.js';
import { expand } from './runs.js';
import { statusOf } from './item.js';
import { addressOf, whenChosen } from './store.js';

const step = 22;
const high = 46;
const mostLanes = 60;

/**
 * @typedef {{ at: number, edge?: Edge, thread?: number, isStart?: boolean }} Event What happened: something went between agents, or an agent began or ended.
 */

/**
 * Who spawned, messaged and closed whom: a line an agent, from its start to its end, downwards in time.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function agentsPanel(rollout) {
  const { doc } = rollout;
  const events = eventsOf(rollout);
  const list = new Rows({ label: 'What went between agents', role: 'list', rowRole: 'listitem', estimate: high, render: row => eventRow(rollout, events, row) });
  const panel = h('section', { class: 'panel agents', 'aria-label': 'Agents' },
    h('header', { class: 'panel-head' }, h('h2', null, 'Who worked with whom'),
      h('div', { class: 'scroll-table', tabindex: 0, role: 'region', 'aria-label': 'All agents' }, h('table', null,
        h('thead', null, h('tr', null, ['Agent', 'Spawned by', 'Status', 'Requests', 'Tokens in', 'Tokens out', 'Took'].map(name => h('th', { scope: 'col' }, name)))),
        h('tbody', null, doc.threads.slice(0, 200).map((thread, i) => agentRow(rollout, thread, i)))))),
    list.element);
  whenChosen((state, before) => state.panel === 'agents' && state.thing !== before.thing && mark(rollout, events, list, state.thing));
  list.reset(events.length);
  return panel;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {Event[]}
 */
function eventsOf(rollout) {
  /** @type {Event[]} */
  const events = rollout.doc.edges.map(edge => ({ at: edge.at, edge }));
  rollout.doc.threads.forEach((thread, i) => {
    const node = rollout.node('session', thread.id);
    if (node) {
      events.push({ at: node.started_at_unix_ms, thread: i, isStart: true });
      if (node.duration_ms !== undefined) {
        events.push({ at: node.started_at_unix_ms + node.duration_ms, thread: i, isStart: false });
      }
    }
  });
  const rank = (/** @type {Event} */ e) => e.thread === undefined ? 1 : e.isStart ? (rollout.doc.threads[e.thread].parent === undefined ? 0 : 2) : 3;
  return events.sort((a, b) => a.at - b.at || rank(a) - rank(b));
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Thread} thread
 * @param {number} number
 */
function agentRow(rollout, thread, number) {
  const node = rollout.node('session', thread.id);
  const swatch = h('span', { class: 'swatch' });
  swatch.style.background = colourOf(number);
  return h('tr', null,
    h('th', { scope: 'row' }, swatch, h('a', { href: addressOf(thread.id) }, ...visible(thread.agent_path)), thread.nickname !== undefined && h('span', { class: 'faint' }, ' ', ...visible(thread.nickname))),
    h('td', null, thread.parent === undefined ? '' : rollout.agent(thread.parent)),
    h('td', null, node && statusOf({ ...node, duration_ms: undefined, name: undefined }), node?.status === 'completed' && !node.is_failure ? 'completed' : ''),
    h('td', null, count(rollout.requestsOf[number].length)),
    h('td', null, node?.usage ? short(node.usage.input_tokens) : ''), h('td', null, node?.usage ? short(node.usage.output_tokens) : ''), h('td', null, duration(node?.duration_ms)));
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Event[]} events
 * @param {number} row
 * @returns {HTMLElement}
 */
function eventRow(rollout, events, row) {
  const { at, edge, thread, isStart } = events[row];
  const since = h('span', { class: 'faint when' }, `+${duration(Math.max(0, at - rollout.doc.rollout.started_at_unix_ms)) || '0 ms'}`);
  const content = edge
    ? [h('a', { href: addressOf(edge.id, 'agents') }, words(edge.kind)), ' ', ...visible(`${name(rollout, edge.source)} → ${name(rollout, edge.target)}`), h('div', { class: 'preview' }, ...visible(carried(rollout, edge)))]
    : [h('a', { href: addressOf(rollout.doc.threads[thread ?? 0].id) }, ...visible(rollout.agent(thread ?? 0))), isStart ? ' began' : ` ended: ${words(rollout.node('session', rollout.doc.threads[thread ?? 0].id)?.status ?? '')}`];
  return h('div', { class: 'between' }, since, lines(rollout, events[row]), h('div', { class: 'between-text' }, content));
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Event} event
 */
function lines(rollout, event) {
  const lanes = Math.min(mostLanes, rollout.doc.threads.length);
  const x = (/** @type {number} */ lane) => lane * step + step / 2;
  const middle = high / 2;
  const drawing = svg('svg', { width: lanes * step, height: high, 'aria-hidden': 'true' });
  for (let lane = 0; lane < lanes; lane++) {
    const node = rollout.node('session', rollout.doc.threads[lane].id);
    const start = node?.started_at_unix_ms ?? 0;
    const end = node?.duration_ms === undefined ? Infinity : start + node.duration_ms;
    const isOwn = event.thread === lane;
    if (event.at >= start && event.at <= end) {
      drawing.append(svg('line', { x1: x(lane), x2: x(lane), y1: isOwn && event.isStart ? middle : 0, y2: isOwn && event.isStart === false ? middle : high, stroke: colourOf(lane), 'stroke-width': 3 }));
    }

    if (isOwn) {
      drawing.append(svg('circle', { cx: x(lane), cy: middle, r: 6, fill: colourOf(lane) }));
    }
  }

  const [from, to] = [event.edge?.source.thread, event.edge?.target.thread];
  if (from !== undefined && to !== undefined && Math.max(from, to) < lanes) {
    const sign = Math.sign(to - from) || 1;
    drawing.append(
      svg('circle', { cx: x(from), cy: middle, r: 5, fill: colourOf(from) }),
      svg('line', { x1: x(from), x2: x(to) - 8 * sign, y1: middle, y2: middle, stroke: colourOf(from), 'stroke-width': 2 }),
      svg('path', { d: `M ${x(to)} ${middle} l ${-9 * sign} -5 v 10 z`, fill: colourOf(from) }));
  }

  return drawing;
}

/** @param {number} lane */
function colourOf(lane) {
  return `var(--lane-${lane % 8})`;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Anchor} anchor
 */
function name(rollout, anchor) {
  return anchor.thread === undefined ? anchor.id : rollout.agent(anchor.thread);
}

/**
 * What an edge carried, as text: what was delivered, or what the call said.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Edge} edge
 */
function carried(rollout, edge) {
  const said = expand(edge.carried).map(i => rollout.textOf(rollout.doc.items[i])).join(' ');
  return (said || rollout.node('tool_call', edge.source.id)?.preview || '').slice(0, 300);
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Event[]} events
 * @param {Rows} list
 * @param {number | null} thing
 */
function mark(rollout, events, list, thing) {
  const id = thing === null ? undefined : rollout.doc.things[thing].id;
  list.show(events.findIndex(event => event.edge !== undefined && event.edge.id === id));
}
