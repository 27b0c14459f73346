import { firstAt, headHeight, processHeight, rowHeight } from './lanes.js';

export const axisHeight = 22;
const gutter = 8;

/**
 * @typedef {{ from: number, to: number, top: number }} View The times and the height that are seen.
 * @typedef {ReturnType<typeof import('./lanes.js').lanesOf>} Lanes
 * @typedef {{ name: (variable: string) => string }} Colours
 */

/**
 * Draws what is seen of the lanes, and nothing else.
 * @param {CanvasRenderingContext2D} context
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Lanes} lanes
 * @param {View} view
 * @param {{ width: number, height: number, chosen: number, colours: Record<string, string> }} how
 */
export function drawLanes(context, rollout, lanes, view, { width, height, chosen, colours }) {
  const x = (/** @type {number} */ time) => (time - view.from) / (view.to - view.from) * width;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, height);
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  ticks(context, view, { width, height, colours, x });
  for (const lane of lanes.lanes) {
    const top = axisHeight + lane.top - view.top;
    if (top > height || top + lane.height < axisHeight) {
      continue;
    }

    context.fillStyle = colours.edge;
    context.fillRect(0, Math.round(top + lane.height) - 1, width, 1);
    lane.rows.forEach((row, i) => drawRow(context, rollout, row, top + headHeight + i * rowHeight, { x, view, width, chosen, colours }));
    context.fillStyle = colours.ink;
    context.font = 'bold 12px system-ui, sans-serif';
    context.fillText(lane.name, gutter, top + headHeight / 2 + 1);
    context.font = '11px system-ui, sans-serif';
  }

  for (const head of lanes.heads) {
    const top = axisHeight + head.top - view.top;
    context.fillStyle = colours.edge;
    context.fillRect(0, top, width, processHeight - 1);
    context.fillStyle = colours.ink;
    context.font = '600 11px system-ui, sans-serif';
    context.fillText(head.name, gutter, top + processHeight / 2);
    context.font = '11px system-ui, sans-serif';
  }

  arrows(context, rollout, lanes, view, { x, width, height, colours });
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, axisHeight);
  ticks(context, view, { width, height: axisHeight, colours, x });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import('./rollout.js').Rollout} rollout
 * @param {import('./lanes.js').Bar[]} row
 * @param {number} y
 * @param {{ x: (time: number) => number, view: View, width: number, chosen: number, colours: Record<string, string> }} how
 */
function drawRow(context, rollout, row, y, { x, view, width, chosen, colours }) {
  let drawn = -Infinity;
  let wasBad = false;
  for (let i = firstAt(row, view.from); i < row.length && row[i].start <= view.to; i++) {
    const { start, end, node: number } = row[i];
    const node = rollout.doc.nodes[number];
    const left = Math.max(-2, x(start));
    const right = Math.min(width + 2, Math.max(x(end), left + 2));
    const isBad = node.is_failure ?? false;

    // What falls on a point that is drawn is not seen, unless it failed.
    if (right <= drawn + 0.5 && (!isBad || wasBad) && number !== chosen) {
      continue;
    }

    drawn = right;
    wasBad = isBad;
    context.fillStyle = isBad ? colours.bad : colours[node.kind];
    context.globalAlpha = node.kind === 'turn' ? 0.45 : 0.9;
    context.fillRect(left, y, right - left, rowHeight - 3);
    context.globalAlpha = 1;
    if (number === chosen) {
      context.strokeStyle = colours.ink;
      context.lineWidth = 2;
      context.strokeRect(left - 1, y - 1, right - left + 2, rowHeight - 1);
    }

    const room = Math.floor((right - left - 8) / 6);
    if (room > 3) {
      const text = `${isBad ? '! ' : ''}${node.name ?? node.preview ?? node.kind.replaceAll('_', ' ')}`;
      context.fillStyle = node.kind === 'turn' ? colours.ink : colours.onbar;
      context.fillText(text.length > room ? `${text.slice(0, room)}…` : text, left + 4, y + rowHeight / 2 - 1);
    }
  }
}

/**
 * What went from one agent to another.
 * @param {CanvasRenderingContext2D} context
 * @param {import('./rollout.js').Rollout} rollout
 * @param {Lanes} lanes
 * @param {View} view
 * @param {{ x: (time: number) => number, width: number, height: number, colours: Record<string, string> }} how
 */
function arrows(context, rollout, lanes, view, { x, width, height, colours }) {
  const place = (/** @type {number | undefined} */ thread) => thread === undefined ? undefined : axisHeight + lanes.lanes[thread].top - view.top + headHeight / 2;
  context.strokeStyle = context.fillStyle = colours.agents;
  context.lineWidth = 1.5;
  let last = '';
  for (const edge of rollout.doc.edges) {
    const [from, to] = [place(edge.source.thread), place(edge.target.thread)];
    const [left, right] = [x(edge.at - lanes.from), x(Math.max(edge.at, edge.ended_at ?? edge.at) - lanes.from)];
    const at = `${edge.source.thread} ${edge.target.thread} ${Math.round(left)}`;
    if (from === undefined || to === undefined || from === to || at === last || right < 0 || left > width || Math.max(from, to) < 0 || Math.min(from, to) > height) {
      continue;
    }

    last = at;
    const end = Math.max(right, left + 6);
    const sign = to > from ? 1 : -1;
    context.beginPath();
    context.moveTo(left, from + 6 * sign);
    context.bezierCurveTo(left, (from + to) / 2, end, (from + to) / 2, end, to - 8 * sign);
    context.stroke();
    context.beginPath();
    context.moveTo(end, to - 2 * sign);
    context.lineTo(end - 4, to - 9 * sign);
    context.lineTo(end + 4, to - 9 * sign);
    context.fill();
  }

  context.lineWidth = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {{ width: number, height: number, colours: Record<string, string>, x: (time: number) => number }} how
 */
function ticks(context, view, { width, height, colours, x }) {
  const rough = (view.to - view.from) / Math.max(2, width / 130);
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough) ?? rough;
  for (let time = Math.ceil(view.from / unit) * unit; time <= view.to; time += unit) {
    context.fillStyle = colours.edge;
    context.fillRect(Math.round(x(time)), 0, 1, height);
    context.fillStyle = colours.soft;
    context.fillText(label(time, unit), x(time) + 4, axisHeight / 2);
  }
}

/**
 * A time since the start, as exact as the distance to the next one: 12 ms, 1.25 s, or 1:02:30.
 * @param {number} time
 * @param {number} unit
 */
function label(time, unit) {
  if (time < 1000 && unit < 1000) {
    return `${unit < 1 ? time.toFixed(2) : Math.round(time)} ms`;
  }

  const digits = unit < 1000 ? Math.max(1, 3 - Math.floor(Math.log10(Math.max(1, unit)))) : 0;
  const seconds = time / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(digits)} s`;
  }

  const rest = (seconds % 60).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}
