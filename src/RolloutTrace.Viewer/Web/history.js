import { expand } from './runs.js';

/**
 * The items that a request showed, in order.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 * @returns {number[]}
 */
export function itemsOf(rollout, request) {
  const { thread } = rollout.doc.requests[request];
  const ofThread = rollout.requestsOf[thread];
  /** @type {number[][]} */
  const parts = [];
  let wanted = Infinity;
  for (let place = ofThread.indexOf(request); place >= 0 && wanted > 0; place--) {
    const { keep, items } = rollout.doc.requests[ofThread[place]];
    if (keep < wanted) {
      const own = expand(items);
      parts.push(wanted === Infinity ? own : own.slice(0, wanted - keep));
      wanted = keep;
    }
  }

  return parts.reverse().flat();
}

/**
 * The items that were new in a request. Of a message with an image that is sent again, nothing is new.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 * @returns {Set<number>}
 */
export function newIn(rollout, request) {
  const { new: added, items } = rollout.doc.requests[request];
  return new Set(expand(added ?? items));
}

/**
 * The items of the request before that a request left out.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 */
export function goneIn(rollout, request) {
  return expand(rollout.doc.requests[request].gone ?? []);
}

/**
 * The compactions that made the history of a request what it is, the last one last.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 * @returns {Compaction[]}
 */
export function compactionsBefore(rollout, request) {
  const ofThread = rollout.requestsOf[rollout.doc.requests[request].thread];
  return ofThread.slice(0, ofThread.indexOf(request) + 1)
    .flatMap(i => rollout.doc.requests[i].compactions ?? [])
    .flatMap(id => rollout.compactions.get(id) ?? []);
}

/**
 * What a compaction kept word by word, and what it made anew.
 * @param {Compaction} compaction
 * @returns {{ gone: number[], stayed: number[], made: number[] }} What went of the history before; of the history after, what stands there too, and what does not.
 */
export function splitCompaction(compaction) {
  const stayed = expand(compaction.stayed);
  const kept = new Set(stayed);
  return { gone: expand(compaction.gone), stayed, made: expand(compaction.replacement).filter(i => !kept.has(i)) };
}
