import { expand } from './runs.js';

/**
 * @typedef {{ request: number, bytes: Map<string, number>, counts: Map<string, number>, total: number, isUnknown: boolean, input: number | undefined, cached: number }} Step
 * The bytes of a request's input by origin, and its tokens as the provider counted them. Of one of which it is not known what it showed, there are only instructions and tools.
 */

/**
 * How a thread's context grew, request by request.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} thread
 * @returns {Step[]}
 */
export function growthOf(rollout, thread) {
  /** @type {number[]} */
  const items = [];
  const bytes = new Map();
  const counts = new Map();
  const add = (/** @type {number} */ item, /** @type {number} */ sign) => {
    const { origin, origin_tool, bytes: size } = rollout.doc.items[item];
    const key = origin_tool === undefined ? origin : `${origin} ${origin_tool}`;
    bytes.set(key, (bytes.get(key) ?? 0) + sign * size);
    counts.set(key, (counts.get(key) ?? 0) + sign);
  };
  return rollout.requestsOf[thread].map(request => {
    const { keep, items: own, given } = rollout.doc.requests[request];
    for (const item of items.splice(keep)) {
      add(item, -1);
    }

    for (const item of expand(own)) {
      items.push(item);
      add(item, 1);
    }

    return step(rollout, request, new Map(bytes), new Map(counts), given);
  });
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} request
 * @param {Map<string, number>} bytes
 * @param {Map<string, number>} counts
 * @param {Given | undefined} given
 * @returns {Step}
 */
function step(rollout, request, bytes, counts, given) {
  if (given) {
    const tools = toolsOf(rollout, given);
    put('instructions', given.instructions_bytes, given.instructions_bytes > 0 ? 1 : 0);
    put('tool_definitions', tools.reduce((sum, tool) => sum + tool.bytes, 0), tools.length);
  }

  for (const [key, n] of counts) {
    if (n === 0) {
      bytes.delete(key);
      counts.delete(key);
    }
  }

  const usage = rollout.nodeOf(request)?.usage;
  return {
    request, bytes, counts, total: [...bytes.values()].reduce((sum, n) => sum + n, 0), isUnknown: rollout.doc.requests[request].is_unknown ?? false, input: usage?.input_tokens, cached: usage?.cached_input_tokens ?? 0,
  };

  /** @type {(key: string, size: number, n: number) => void} */
  function put(key, size, n) {
    bytes.set(key, (bytes.get(key) ?? 0) + size);
    counts.set(key, (counts.get(key) ?? 0) + n);
  }
}

/**
 * The tools that a request gave.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Given} given
 * @returns {{ name?: string, bytes: number, description?: string, schema?: string, definition?: string }[]}
 */
export function toolsOf(rollout, given) {
  const text = rollout.doc.texts[given.tools];
  let tools = parsed.get(text);
  if (tools === undefined) {
    tools = JSON.parse(text);
    parsed.set(text, tools);
  }

  return tools;
}

/** @type {Map<string, any>} */
const parsed = new Map();
