import { h } from './html.js';
import { lifetime } from './store.js';

/**
 * @typedef {{ parts: number[], total: number, cached: number, isEstimate: boolean, isMiss: boolean, isCut: boolean, about: string }} Column
 * @typedef {{ columns: Column[], colours: string[], chosen: number, format: (n: number) => string }} Drawing
 */

const height = 250;
const left = 62;
const top = 26;
const strip = 12;

/**
 * A chart of stacked columns, one a request, through which one goes with the arrow keys or the pointer.
 * @param {string} label
 * @param {(column: number) => void} pick
 */
export function stackedChart(label, pick) {
  /** @type {Drawing} */
  let drawing = { columns: [], colours: [], chosen: -1, format: String };
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const readout = h('p', { class: 'readout', 'aria-hidden': 'true' });
  const slider = h('div', {
    class: 'chart', tabindex: 0, role: 'slider', 'aria-label': label, 'aria-orientation': 'horizontal',
    onkeydown: (/** @type {KeyboardEvent} */ e) => {
      const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity })[e.key];
      if (by !== undefined) {
        e.preventDefault();
        pick(Math.max(0, Math.min(drawing.columns.length - 1, drawing.chosen + by)));
      }
    },
    onclick: (/** @type {MouseEvent} */ e) => pick(columnAt(e)),
    onpointermove: (/** @type {PointerEvent} */ e) => say(columnAt(e)),
    onpointerleave: () => say(drawing.chosen),
  }, canvas);
  const columnAt = (/** @type {MouseEvent} */ e) =>
    Math.max(0, Math.min(drawing.columns.length - 1, Math.floor((e.clientX - slider.getBoundingClientRect().left - left) / widthOf(slider, drawing))));
  const say = (/** @type {number} */ i) => {
    readout.textContent = drawing.columns[i]?.about ?? '';
  };
  const redraw = () => draw(canvas, slider, drawing);
  new ResizeObserver(redraw).observe(slider);
  addEventListener('theme', redraw, { signal: lifetime() });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal: lifetime() });
  return {
    element: h('div', null, slider, readout),
    /** @param {Drawing} next */
    show(next) {
      drawing = next;
      slider.setAttribute('aria-valuemin', '1');
      slider.setAttribute('aria-valuemax', String(Math.max(1, drawing.columns.length)));
      slider.setAttribute('aria-valuenow', String(Math.max(1, drawing.chosen + 1)));
      slider.setAttribute('aria-valuetext', drawing.columns[drawing.chosen]?.about ?? 'nothing chosen');
      say(drawing.chosen);
      redraw();
    },
  };
}

/**
 * @param {HTMLElement} slider
 * @param {Drawing} drawing
 */
function widthOf(slider, drawing) {
  return Math.min(64, (slider.clientWidth - left - 8) / Math.max(1, drawing.columns.length));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} slider
 * @param {Drawing} drawing
 */
function draw(canvas, slider, drawing) {
  const { clientWidth: width } = slider;
  const context = canvas.getContext('2d');
  if (width === 0 || !context) {
    return;
  }

  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = height * scale;
  context.scale(scale, scale);
  const style = getComputedStyle(slider);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name);
  const bottom = height - strip - 8;
  const most = Math.max(1, ...drawing.columns.map(column => column.total));
  const y = (/** @type {number} */ n) => bottom - n / most * (bottom - top);
  axis(context, drawing, { most, y, width, ink: colour('--soft'), line: colour('--edge') });

  const step = widthOf(slider, drawing);
  const gap = step > 4 ? 1 : 0;
  let drawn = -Infinity;
  drawing.columns.forEach((column, i) => {
    const x = left + i * step;
    // Of columns narrower than a point those that matter are drawn.
    if (x - drawn < 1 && !column.isCut && !column.isMiss && i !== drawing.chosen) {
      return;
    }

    drawn = x;
    const w = Math.max(1, step - gap);
    context.globalAlpha = column.isEstimate ? 0.45 : 1;
    let foot = 0;
    column.parts.forEach((part, k) => {
      context.fillStyle = colour(drawing.colours[k]);
      context.fillRect(x, y(foot + part), w, y(foot) - y(foot + part));
      foot += part;
    });
    context.globalAlpha = 1;
    if (column.total > 0) {
      context.fillStyle = colour('--edge');
      context.fillRect(x, bottom + 4, w, strip);
      context.fillStyle = colour('--good');
      context.fillRect(x, bottom + 4 + strip * (1 - column.cached), w, strip * column.cached);
    }

    mark(context, column, i === drawing.chosen, { x, w, bottom, bad: colour('--bad'), cut: colour('--summary'), ink: colour('--ink') });
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {{ most: number, y: (n: number) => number, width: number, ink: string, line: string }} place
 */
function axis(context, drawing, { most, y, width, ink, line }) {
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = Math.max(1, [1, 2, 5, 10].map(n => n * power).find(n => n >= rough) ?? rough);
  for (let n = 0; n <= most; n += unit) {
    context.fillStyle = line;
    context.fillRect(left, Math.round(y(n)), width - left, 1);
    context.fillStyle = ink;
    context.fillText(drawing.format(n), left - 8, y(n));
  }

  context.fillText('cached', left - 8, height - strip / 2 - 4);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Column} column
 * @param {boolean} isChosen
 * @param {{ x: number, w: number, bottom: number, bad: string, cut: string, ink: string }} place
 */
function mark(context, column, isChosen, { x, w, bottom, bad, cut, ink }) {
  if (column.isCut) {
    context.strokeStyle = cut;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(x - 0.5, 6);
    context.lineTo(x - 0.5, bottom);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = cut;
    context.textAlign = 'left';
    context.fillText('✂', x + 2, 9);
  }

  if (column.isMiss) {
    context.fillStyle = bad;
    context.beginPath();
    context.moveTo(x + w / 2 - 5, 12);
    context.lineTo(x + w / 2 + 5, 12);
    context.lineTo(x + w / 2, 20);
    context.fill();
  }

  if (isChosen) {
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.strokeRect(x - 1, top - 2, Math.max(3, w + 2), bottom - top + strip + 8);
    context.lineWidth = 1;
  }
}
