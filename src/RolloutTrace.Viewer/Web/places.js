import { itemsOf } from './history.js';

/**
 * Where a thing is to be seen: the panel, the thread and the request.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} number
 * @param {Readonly<State>} now
 * @returns {Partial<State>}
 */
export function placeOf(rollout, number, now) {
  const thing = rollout.doc.things[number];
  switch (thing.kind) {
    case 'request': return atRequest(rollout, rollout.requestNumbers.get(thing.id));
    case 'turn': return atRequest(rollout, rollout.doc.requests.findIndex(request => request.turn === thing.id));
    case 'thread': return atThread(rollout, rollout.threadNumbers.get(thing.id));
    case 'compaction': return { ...atThread(rollout, rollout.compactions.get(thing.id)?.thread), panel: 'context' };
    case 'compaction_request': {
      const compaction = rollout.doc.compactions.find(made => made.requests.includes(thing.id));
      return compaction ? { ...atThread(rollout, compaction.thread), panel: 'context' } : {};
    }
    default: return atItem(rollout, itemOf(rollout, thing), now);
  }
}

/**
 * The item in which a thing is to be seen.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Thing} thing
 * @returns {number | undefined}
 */
export function itemOf(rollout, thing) {
  switch (thing.kind) {
    case 'item': return itemNumbers(rollout).get(thing.id);
    case 'tool_call': return ofTool(rollout, thing.id);
    case 'code_cell': return rollout.cells.get(thing.id)?.source;
    case 'terminal_operation': return ofTool(rollout, rollout.operations.get(thing.id)?.tool ?? '');
    case 'terminal': return ofTool(rollout, rollout.doc.operations.find(operation => operation.terminal === thing.id)?.tool ?? '');
    case 'edge': {
      const edge = rollout.doc.edges.find(sent => sent.id === thing.id);
      return edge && [edge.target.id, edge.source.id].map(id => itemNumbers(rollout).get(id) ?? ofTool(rollout, id)).find(i => i !== undefined);
    }
    default: return undefined;
  }
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {string} id
 * @returns {number | undefined}
 */
function ofTool(rollout, id) {
  const tool = rollout.tools.get(id);
  return tool?.calls[0]?.[0] ?? tool?.outputs[0]?.[0] ?? (tool?.cell ? rollout.cells.get(tool.cell)?.source : undefined);
}

/** @type {WeakMap<object, Map<string, number>>} */
const numbers = new WeakMap();

/** @param {import('./rollout.js').Rollout} rollout */
function itemNumbers(rollout) {
  let known = numbers.get(rollout);
  if (!known) {
    known = new Map(rollout.doc.items.map((item, i) => [item.id, i]));
    numbers.set(rollout, known);
  }

  return known;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number | undefined} request
 * @returns {Partial<State>}
 */
function atRequest(rollout, request) {
  return request === undefined || request < 0 ? {} : { panel: 'conversation', thread: rollout.doc.requests[request].thread, request };
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number | undefined} thread
 * @returns {Partial<State>}
 */
function atThread(rollout, thread) {
  return thread === undefined ? {} : { panel: 'conversation', thread, request: rollout.requestsOf[thread].at(-1) ?? null };
}

/**
 * The request that is looked at, if it has the item; else the first that has.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number | undefined} item
 * @param {Readonly<State>} now
 * @returns {Partial<State>}
 */
function atItem(rollout, item, now) {
  if (item === undefined) {
    return {};
  }

  if (now.request === null && now.thread === rollout.doc.items[item].thread || now.request !== null && isIn(rollout, now.request, item)) {
    return { panel: 'conversation' };
  }

  const first = rollout.firstRequestWith(item);
  return first === undefined ? { panel: 'conversation', thread: rollout.doc.items[item].thread ?? 0, request: null } : atRequest(rollout, first);
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 * @param {number} item
 */
function isIn(rollout, request, item) {
  return rollout.doc.requests[request].response.some(([first, last]) => first <= item && item <= last) || itemsOf(rollout, request).includes(item);
}
