import { h } from './html.js';
import { duration, words } from './format.js';
import { firstAt, headHeight, lanesOf, rowHeight } from './lanes.js';
import { axisHeight, drawLanes } from './timelinedraw.js';
import { choose, current, lifetime, open, soon, whenChosen } from './store.js';

const mapHeight = 44;
const names = { panel: '--panel', edge: '--edge', ink: '--ink', soft: '--soft', bad: '--bad-bar', onbar: '--on-bar', agents: '--agents', session: '--edge', turn: '--bar-turn', request: '--bar-request', tool_call: '--bar-tool', code_cell: '--bar-cell', terminal_operation: '--bar-terminal', compaction: '--bar-compaction', compaction_request: '--bar-compaction' };

/**
 * When everything ran: a lane an agent, those of a process together, with zoom, pan and a map of the whole.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function timelinePanel(rollout) {
  const lanes = lanesOf(rollout);
  const length = lanes.to - lanes.from;
  /** @type {import('./timelinedraw.js').View} */
  const view = { from: 0, to: length, top: 0 };
  const bars = lanes.lanes.flatMap(lane => lane.rows.flat()).sort((a, b) => rollout.doc.nodes[a.node].started_seq - rollout.doc.nodes[b.node].started_seq);
  let chosen = -1;
  let wanted = 0;
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const map = h('canvas', { class: 'map', 'aria-hidden': 'true' });
  const readout = h('p', { class: 'readout', role: 'status' });
  const stage = h('div', { class: 'stage', tabindex: 0, role: 'slider', 'aria-label': 'What ran, in the order of its start', 'aria-valuemin': '1', 'aria-valuemax': String(Math.max(1, bars.length)) }, canvas);
  const about = (/** @type {ViewNode} */ node) => `${[words(node.kind), node.name].filter(Boolean).join(' ')}: ${[words(node.status), duration(node.duration_ms)].filter(Boolean).join(' ')}${node.error || node.preview ? `, ${node.error ?? node.preview}` : ''}`;

  const redraw = () => {
    wanted ||= requestAnimationFrame(() => {
      wanted = 0;
      const style = getComputedStyle(stage);
      const colours = Object.fromEntries(Object.entries(names).map(([name, variable]) => [name, style.getPropertyValue(variable)]));
      paint(canvas, stage.clientWidth, stage.clientHeight, context => drawLanes(context, rollout, lanes, view, { width: stage.clientWidth, height: stage.clientHeight, chosen, colours }));
      paint(map, map.clientWidth, mapHeight, context => drawMap(context, map.clientWidth, colours));
    });
  };
  const drawMap = (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {Record<string, string>} */ colours) => {
    const scale = (mapHeight - 4) / Math.max(1, lanes.height);
    context.drawImage(whole(width, colours, scale), 0, 0, width, mapHeight);
    context.strokeStyle = colours.ink;
    context.strokeRect(view.from / length * width + 0.5, 0.5, Math.max(4, (view.to - view.from) / length * width) - 1, mapHeight - 1);
  };
  /** @type {{ key: string, image: HTMLCanvasElement } | undefined} */
  let drawnMap;
  const whole = (/** @type {number} */ width, /** @type {Record<string, string>} */ colours, /** @type {number} */ scale) => {
    const key = `${width} ${colours.panel}`;
    if (drawnMap?.key !== key) {
      const image = h('canvas');
      paint(image, width, mapHeight, context => {
        context.fillStyle = colours.panel;
        context.fillRect(0, 0, width, mapHeight);
        lanes.lanes.forEach(lane => lane.rows.forEach((row, i) => row.forEach(bar => {
          const node = rollout.doc.nodes[bar.node];
          context.fillStyle = node.is_failure ? colours.bad : colours[node.kind];
          context.fillRect(bar.start / length * width, 2 + (lane.top + headHeight + i * rowHeight) * scale, Math.max(1, (bar.end - bar.start) / length * width), Math.max(1, rowHeight * scale - 1));
        })));
      });
      drawnMap = { key, image };
    }

    return drawnMap.image;
  };

  const move = (/** @type {number} */ from, /** @type {number} */ to) => {
    const span = Math.min(length, Math.max(0.5, to - from));
    view.from = Math.max(0, Math.min(length - span, from));
    view.to = view.from + span;
    view.top = Math.max(0, Math.min(lanes.height + axisHeight - stage.clientHeight, view.top));
    redraw();
  };
  const zoom = (/** @type {number} */ factor, /** @type {number} */ at = (view.from + view.to) / 2) => move(at - (at - view.from) * factor, at + (view.to - at) * factor);
  const select = (/** @type {number} */ place, /** @type {boolean} */ isShown) => {
    const bar = bars[place];
    if (bar) {
      chosen = bar.node;
      const node = rollout.doc.nodes[chosen];
      stage.setAttribute('aria-valuenow', String(place + 1));
      stage.setAttribute('aria-valuetext', about(node));
      readout.textContent = about(node);
      if (isShown) {
        bring(bar);
      }

      redraw();
    }
  };
  const bring = (/** @type {import('./lanes.js').Bar} */ bar) => {
    const lane = lanes.lanes.find(l => l.rows.some(row => row.includes(bar)));
    const y = axisHeight + (lane?.top ?? 0) + headHeight;
    view.top = y < view.top + axisHeight || y > view.top + stage.clientHeight - 60 ? Math.max(0, y - 80) : view.top;
    if (bar.end < view.from || bar.start > view.to) {
      const half = (view.to - view.from) / 2;
      move(bar.start - half, bar.start + half);
    }
  };
  const barAt = (/** @type {MouseEvent} */ e) => {
    const box = stage.getBoundingClientRect();
    const time = view.from + (e.clientX - box.left) / box.width * (view.to - view.from);
    const near = 3 / box.width * (view.to - view.from);
    const y = e.clientY - box.top - axisHeight + view.top;
    const lane = lanes.lanes.find(l => y >= l.top && y < l.top + l.height);
    const row = lane?.rows[Math.floor((y - lane.top - headHeight) / rowHeight)] ?? [];
    return row.slice(firstAt(row, time - near), firstAt(row, time - near) + 20).find(bar => bar.start <= time + near && Math.max(bar.end, bar.start) >= time - near);
  };

  listen({ stage, map, view, move, zoom, length, barAt, bars, select, about: bar => { readout.textContent = bar ? about(rollout.doc.nodes[bar.node]) : ''; }, place: () => bars.findIndex(bar => bar.node === chosen), follow: () => chosen >= 0 && go(rollout, chosen) });
  new ResizeObserver(() => move(view.from, view.to)).observe(stage);
  addEventListener('theme', redraw, { signal: lifetime() });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal: lifetime() });
  const follow = () => {
    const { thing, request } = current();
    const id = thing !== null ? rollout.doc.things[thing].id : request !== null ? rollout.doc.requests[request].id : '';
    const place = bars.findIndex(bar => rollout.doc.nodes[bar.node].id === id);
    select(place, true);
  };
  whenChosen((state, before) => state.panel === 'timeline' && (state.thing !== before.thing || state.request !== before.request || before.panel !== 'timeline') && follow());
  soon(follow);
  const button = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ act) => h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, sign);
  return h('section', { class: 'panel timeline', 'aria-label': 'Timeline' },
    h('header', { class: 'panel-head head-line' }, h('h2', null, 'When everything ran'), button('Zoom in', '+', () => zoom(0.5)), button('Zoom out', '−', () => zoom(2)), button('All of it', '⤢', () => move(0, length)),
      h('span', { class: 'legend' }, [['turn', 'turn'], ['request', 'request'], ['tool', 'tool call'], ['cell', 'code'], ['terminal', 'terminal'], ['compaction', 'compaction'], ['bad', 'failed']].map(([name, label]) => h('span', { class: `key bar-${name}` }, label)))),
    stage, map, readout);
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} number
 */
function go(rollout, number) {
  const { kind, id } = rollout.doc.nodes[number];
  const thing = rollout.thing(kind === 'session' ? 'thread' : kind, id);
  if (thing !== null) {
    choose({ thing });
  } else {
    open(id);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {(context: CanvasRenderingContext2D) => void} draw
 */
function paint(canvas, width, height, draw) {
  const context = canvas.getContext('2d');
  if (context && width > 0 && height > 0) {
    const scale = devicePixelRatio;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }

    context.setTransform(scale, 0, 0, scale, 0, 0);
    draw(context);
  }
}

/**
 * What pointer, wheel and keys do.
 * @param {{ stage: HTMLElement, map: HTMLElement, view: import('./timelinedraw.js').View, move: (from: number, to: number) => void, zoom: (factor: number, at?: number) => void, length: number,
 *   barAt: (e: MouseEvent) => import('./lanes.js').Bar | undefined, bars: import('./lanes.js').Bar[], select: (place: number, isShown: boolean) => void,
 *   about: (bar: import('./lanes.js').Bar | undefined) => void, place: () => number, follow: () => void }} on
 */
function listen({ stage, map, view, move, zoom, length, barAt, bars, select, about, place, follow }) {
  const timeAt = (/** @type {MouseEvent} */ e, /** @type {HTMLElement} */ element) => (e.clientX - element.getBoundingClientRect().left) / element.clientWidth;
  const span = () => view.to - view.from;
  stage.addEventListener('wheel', e => {
    e.preventDefault();
    if (e.ctrlKey || e.metaKey) {
      zoom(Math.exp(e.deltaY / 300), view.from + timeAt(e, stage) * span());
    } else {
      view.top += e.shiftKey ? 0 : e.deltaY;
      const by = (e.deltaX + (e.shiftKey ? e.deltaY : 0)) / stage.clientWidth * span();
      move(view.from + by, view.to + by);
    }
  }, { passive: false });
  let moved = 0;
  stage.addEventListener('pointerdown', () => { moved = 0; });
  stage.addEventListener('pointermove', e => {
    if (e.buttons === 1) {
      moved += Math.abs(e.movementX) + Math.abs(e.movementY);
      view.top -= e.movementY;
      const by = -e.movementX / stage.clientWidth * span();
      move(view.from + by, view.to + by);
    } else {
      about(barAt(e));
    }
  });
  stage.addEventListener('click', e => {
    const bar = moved < 4 ? barAt(e) : undefined;
    if (bar) {
      select(bars.indexOf(bar), false);
      follow();
    }
  });
  const jump = (/** @type {PointerEvent} */ e) => e.buttons === 1 && move(timeAt(e, map) * length - span() / 2, timeAt(e, map) * length + span() / 2);
  map.addEventListener('pointerdown', jump);
  map.addEventListener('pointermove', jump);
  stage.addEventListener('keydown', e => {
    const half = span() / 4;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => select(Math.min(bars.length - 1, place() + 1), true), ArrowLeft: () => select(Math.max(0, place() - 1), true),
      Home: () => select(0, true), End: () => select(bars.length - 1, true), Enter: follow,
      '+': () => zoom(0.5), '-': () => zoom(2), '0': () => move(0, length), PageUp: () => move(view.from - half, view.to - half), PageDown: () => move(view.from + half, view.to + half),
      ArrowDown: () => { view.top += 40; move(view.from, view.to); }, ArrowUp: () => { view.top -= 40; move(view.from, view.to); },
    };
    if (keys[e.key] && !e.ctrlKey && !e.altKey && !e.metaKey) {
      e.preventDefault();
      keys[e.key]();
    }
  });
}
