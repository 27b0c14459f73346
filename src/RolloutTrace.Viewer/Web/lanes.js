import { duration } from './format.js';

const mostRows = 6;

/**
 * @typedef {{ start: number, end: number, node: number }} Bar
 * @typedef {{ name: string, top: number }} Head Above the lanes of a process, where there are several.
 * @typedef {{ thread: number, name: string, rows: Bar[][], top: number, height: number }} Lane Places are in points; the first row is of turns, the second of requests, and what tools did is below.
 */

export const rowHeight = 17;
export const headHeight = 20;
export const processHeight = 22;

/**
 * A lane an agent, those of a process together, with what ran in it as bars in rows in which none covers another.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {{ lanes: Lane[], heads: Head[], from: number, to: number, height: number }}
 */
export function lanesOf(rollout) {
  const { nodes, threads, rollout: { started_at_unix_ms, ended_at_unix_ms } } = rollout.doc;
  const from = Math.min(started_at_unix_ms, ...extremes(nodes.map(node => node.started_at_unix_ms), Math.min));
  const ends = nodes.map(node => node.started_at_unix_ms + (node.duration_ms ?? 0));
  const last = Math.max(from + 1, ended_at_unix_ms ?? 0, ...extremes(ends, Math.max));
  // What begins last is seen too, if it is as short as it can be.
  const to = last + (last - from) / 200;
  const ofNode = threadsOfNodes(rollout);
  /** @type {Bar[][][]} */
  const kinds = threads.map(() => [[], [], [], []]);
  nodes.forEach((node, i) => {
    const kind = ['turn'].includes(node.kind) ? 0 : ['request', 'compaction', 'compaction_request'].includes(node.kind) ? 1 : ['tool_call', 'code_cell'].includes(node.kind) ? 2 : node.kind === 'terminal_operation' ? 3 : -1;
    if (kind >= 0 && ofNode[i] !== undefined) {
      // What has no end goes on to where the recording ends.
      const isOpen = node.duration_ms === undefined && ['running', 'unfinished'].includes(node.status);
      kinds[ofNode[i]][kind].push({ start: node.started_at_unix_ms - from, end: (isOpen ? last : ends[i]) - from, node: i });
    }
  });
  const lanes = threads.map((thread, i) => {
    const rows = kinds[i].flatMap(bars => packed(bars));
    return { thread: i, name: thread.agent_path, rows, top: 0, height: headHeight + rows.length * rowHeight + 8 };
  });
  let top = 0;
  const place = (/** @type {Lane} */ lane) => {
    lane.top = top;
    top += lane.height;
  };
  /** @type {Head[]} */
  const heads = [];
  const processes = rollout.doc.processes ?? [];
  processes.forEach((process, number) => {
    heads.push({ name: nameOf(process, number), top });
    top += processHeight;
    lanes.filter(lane => threads[lane.thread].process === number).forEach(place);
  });
  lanes.filter(lane => processes.length === 0 || threads[lane.thread].process === undefined).forEach(place);
  return { lanes, heads, from, to, height: top };
}

/**
 * What a process is called: by its first agent, with what was done to its clock.
 * @param {Process} process
 * @param {number} number
 */
function nameOf({ name, recordings }, number) {
  const shifts = recordings.filter(recording => recording.shift_ms !== 0).map(recording => `${recording.shift_ms > 0 ? '+' : '−'}${duration(Math.abs(recording.shift_ms))}`);
  return [`process ${number + 1}: ${name || 'no agent'}`, recordings.length > 1 ? `${recordings.length} recordings` : '', shifts.length > 0 ? `clock moved by ${shifts.join(', ')}` : ''].filter(Boolean).join('  ·  ');
}

/**
 * Bars in as few rows as there are at one time, up to a bound.
 * @param {Bar[]} bars
 * @returns {Bar[][]}
 */
function packed(bars) {
  bars.sort((a, b) => a.start - b.start || a.end - b.end);
  /** @type {Bar[][]} */
  const rows = [];
  for (const bar of bars) {
    let row = rows.find(known => /** @type {Bar} */ (known.at(-1)).end <= bar.start);
    if (!row) {
      row = rows.length < mostRows ? [] : rows[mostRows - 1];
      if (rows.length < mostRows) {
        rows.push(row);
      }
    }

    row.push(bar);
  }

  return rows;
}

/**
 * The first bar of a row that is seen from a time on.
 * @param {Bar[]} row
 * @param {number} time
 */
export function firstAt(row, time) {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    row[middle].end < time ? low = middle + 1 : high = middle;
  }

  return low;
}

/** @param {import('./rollout.js').Rollout} rollout */
function threadsOfNodes(rollout) {
  /** @type {(number | undefined)[]} */
  const threads = [];
  rollout.doc.nodes.forEach((node, i) => {
    threads[i] = node.kind === 'session' ? rollout.threadNumbers.get(node.id) : node.parent === undefined ? undefined : threads[node.parent];
  });
  return threads;
}

/**
 * The extreme of a list that may be too long for one call.
 * @param {number[]} numbers
 * @param {(a: number, b: number) => number} choose
 * @returns {number[]} One, or none of an empty list.
 */
function extremes(numbers, choose) {
  return numbers.length === 0 ? [] : [numbers.reduce((a, b) => choose(a, b))];
}
