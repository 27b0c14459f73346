import { words } from './format.js';
import { openEvidence, payloadText } from './evidence.js';
import { toolsOf } from './growth.js';

const mostHits = 5000;
const mostInPlace = 50;
const around = 70;
const slice = 8;

/**
 * @typedef {{ id: string, what: string, part: string, text: string, payload?: string }} Place What is of no thing that the page shows is in a payload of its own.
 * @typedef {{ id: string, what: string, part: string, payload?: string, line: number, before: string, match: string, after: string }} Hit
 */

/**
 * Looks everywhere that `grep` does, a slice at a time, so that one can go on typing.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {RegExp} pattern With the flag g.
 * @param {AbortSignal} signal
 * @param {(hits: Hit[], isDone: boolean) => void} tell
 */
export async function find(rollout, pattern, signal, tell) {
  /** @type {Hit[]} */
  const hits = [];
  let started = performance.now();
  for await (const place of places(rollout)) {
    hits.push(...hitsIn(place, pattern));
    if (hits.length > mostHits) {
      break;
    }

    if (performance.now() - started > slice) {
      tell(hits, false);
      await new Promise(resolve => setTimeout(resolve));
      started = performance.now();
      if (signal.aborted) {
        return;
      }
    }
  }

  if (!signal.aborted) {
    tell(hits.slice(0, mostHits), true);
  }
}

/**
 * The pattern of what a person types: a text, in whatever case, or between slashes a regular expression.
 * @param {string} query
 * @returns {RegExp | null} Null while it is no whole expression.
 */
export function patternOf(query) {
  const expression = /^\/(.+)\/(i?)$/.exec(query);
  try {
    return expression ? new RegExp(expression[1], `g${expression[2]}`) : new RegExp(query.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi');
  } catch {
    return null;
  }
}

/**
 * @param {Place} place
 * @param {RegExp} pattern
 * @returns {Hit[]} A hit a line.
 */
function hitsIn({ id, what, part, text, payload }, pattern) {
  /** @type {Hit[]} */
  const hits = [];
  let line = 1;
  let counted = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match && hits.length < mostInPlace; match = pattern.exec(text)) {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < match.index; at = text.indexOf('\n', at + 1)) {
      line++;
      counted = at + 1;
    }

    const start = Math.max(text.lastIndexOf('\n', match.index - 1) + 1, match.index - around);
    const next = text.indexOf('\n', match.index);
    const lineEnd = next < 0 ? text.length : next;
    const end = Math.min(lineEnd, match.index + match[0].length + around);
    hits.push({ id, what, part, payload, line, before: text.slice(match.index === 0 ? 0 : start, match.index), match: match[0].slice(0, 240), after: text.slice(match.index + match[0].length, end) });
    pattern.lastIndex = Math.max(lineEnd, match.index + match[0].length) + (match[0] === '' ? 1 : 0);
  }

  return hits;
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {AsyncGenerator<Place>}
 */
async function* places(rollout) {
  const { doc } = rollout;
  for (const thread of doc.threads) {
    yield { id: thread.id, what: 'agent', part: '', text: `${thread.agent_path} ${thread.nickname ?? ''} ${thread.model ?? ''}` };
  }

  yield* given(rollout);
  for (const item of doc.items) {
    if (item.repeats === undefined && item.kind !== 'compaction_marker') {
      const what = item.name ?? item.origin_tool ?? item.role;
      // The name of a call that was recorded stands with it.
      if (item.name !== undefined && item.tool === undefined && item.cell === undefined) {
        yield { id: item.id, what, part: 'name', text: item.name };
      }

      yield { id: item.id, what, part: item.kind, text: rollout.textOf(item) };
    }
  }

  for (const node of doc.nodes) {
    if (node.error !== undefined && node.kind !== 'terminal_operation') {
      yield { id: node.id, what: node.name ?? words(node.kind), part: 'error', text: errorOf(rollout, node) };
    }
  }

  yield* ran(rollout);
  for (const cell of rollout.doc.cells) {
    const item = doc.items[cell.source];
    yield { id: cell.id, what: item.name ?? 'code', part: 'code', text: rollout.textOf(item) };
  }

  yield* raw(rollout);
}

/**
 * Why something failed, whole. What a command said is searched where it printed it: of its failure the exit code is left.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {ViewNode} node
 */
function errorOf(rollout, node) {
  const error = node.error_whole === undefined ? node.error ?? '' : rollout.doc.texts[node.error_whole];
  return rollout.tools.get(node.id)?.operation !== undefined && error.startsWith('exit code ') ? error.split(':')[0] : error;
}

/**
 * Instructions and tools, at the first of an agent's requests in a row that gave them.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {Generator<Place>}
 */
function* given(rollout) {
  for (const requests of rollout.requestsOf) {
    /** @type {Given | undefined} */
    let before;
    for (const request of requests) {
      const { id, given } = rollout.doc.requests[request];
      if (given) {
        yield* givenFirst(rollout, id, given, before);
        before = given;
      }
    }
  }
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {string} id
 * @param {Given} given
 * @param {Given | undefined} before
 * @returns {Generator<Place>}
 */
function* givenFirst(rollout, id, given, before) {
  if (given.instructions !== undefined && given.instructions !== before?.instructions) {
    yield { id, what: 'request', part: 'instructions', text: rollout.doc.texts[given.instructions] };
  }

  if (given.tools !== before?.tools) {
    const known = new Set(before ? toolsOf(rollout, before).map(tool => JSON.stringify(tool)) : []);
    for (const tool of toolsOf(rollout, given).filter(tool => !known.has(JSON.stringify(tool)))) {
      yield { id, what: tool.name ?? 'tool', part: 'tool definition', text: `${tool.name ?? ''}\n${tool.description ?? ''}\n${tool.schema ?? (tool.name === undefined ? tool.definition : '')}` };
    }
  }
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {Generator<Place>}
 */
function* ran(rollout) {
  for (const tool of rollout.doc.tools) {
    yield { id: tool.id, what: tool.name, part: 'tool', text: tool.name };
    const operation = tool.operation === undefined ? undefined : rollout.operations.get(tool.operation);
    for (const [part, text] of operation ? [['command', operation.command ?? ''], ['stdin', operation.stdin ?? ''], ['stdout', rollout.outputText(operation.stdout)], ['stderr', rollout.outputText(operation.stderr)]] : []) {
      if (text !== '') {
        yield { id: tool.id, what: tool.name, part, text };
      }
    }
  }
}

/**
 * The payloads of tool calls, which can hold more than the conversation shows, and breadcrumbs.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {AsyncGenerator<Place>}
 */
async function* raw(rollout) {
  if (!rollout.doc.has_content) {
    return;
  }

  const evidence = await openEvidence();
  for (const thing of rollout.doc.things) {
    if (thing.kind === 'tool_call') {
      for (const path of (thing.evidence ?? []).filter(place => typeof place === 'string')) {
        yield { id: thing.id, what: rollout.tools.get(thing.id)?.name ?? 'tool', part: path, text: payloadText(evidence, path) ?? '' };
      }
    }
  }
  for (const [path, payload] of evidence.payloads) {
    if (payload.kind === 'protocol_event') {
      yield { id: payload.id, what: 'breadcrumb', part: path, text: payloadText(evidence, path) ?? '', payload: path };
    }
  }
}
