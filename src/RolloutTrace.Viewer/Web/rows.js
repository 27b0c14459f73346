import { h } from './html.js';
import { Heights } from './fenwick.js';
import { lifetime } from './store.js';

const most = 150;
const overscan = 300;

/**
 * A list of any length, of which only the rows near the visible ones are in the document. Rows are as high as they are: what is not known yet is
 * estimated, and what is seen stays where it is when the rows before it turn out otherwise.
 */
export class Rows {
  /**
   * @param {{ label: string, role: string, rowRole: string, estimate: number, render: (row: number) => HTMLElement }} options
   */
  constructor(options) {
    this.options = options;
    this.heights = new Heights(new Float64Array(0));
    /** @type {Map<number, HTMLElement>} */
    this.shown = new Map();
    this.active = 0;
    this.padding = '';
    this.inner = h('div', { class: 'rows-inner', role: options.role, 'aria-label': options.label });
    this.element = h('div', { class: 'rows', onscroll: () => this.update(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) }, this.inner);
    this.observer = new ResizeObserver(() => this.#measure());
    const resized = new ResizeObserver(() => this.update());
    resized.observe(this.element);
    lifetime().addEventListener('abort', () => {
      this.observer.disconnect();
      resized.disconnect();
    });
  }

  get length() {
    return this.heights.values.length;
  }

  /**
   * Shows other rows.
   * @param {number} length
   * @param {boolean} [keepPlace] Whether to stay at the height where the list is.
   * @param {number} [at] The row to begin with where it is not.
   */
  reset(length, keepPlace = false, at = 0) {
    const { scrollTop, clientHeight } = this.element;
    const known = keepPlace ? this.heights.values : [];
    this.heights = new Heights(Float64Array.from({ length }, (_, i) => known[i] ?? this.options.estimate));
    for (const element of this.shown.values()) {
      this.observer.unobserve(element);
    }

    this.shown.clear();
    this.inner.replaceChildren();
    this.active = Math.min(this.active, Math.max(0, length - 1));
    this.#pad(0, -1);
    this.element.scrollTop = keepPlace ? scrollTop : at > 0 ? this.#topOf(at, clientHeight) : 0;
    this.update();
  }

  /**
   * Makes a row anew.
   * @param {number} row
   */
  refresh(row) {
    const old = this.shown.get(row);
    if (old) {
      const element = this.#make(row);
      this.observer.unobserve(old);
      old.replaceWith(element);
      this.#measure();
    }
  }

  /**
   * Brings a row to where it is seen.
   * @param {number} row
   * @param {boolean} [focus]
   */
  show(row, focus = false) {
    if (row < 0 || row >= this.length) {
      return;
    }

    this.#activate(row);
    // The rows on the way get their heights only when they are there: another look finds the place.
    for (let look = 0, isOther = true; isOther && look < 3; look++) {
      const top = this.heights.before(row);
      const bottom = top + this.heights.values[row];
      const view = this.element;
      if (top < view.scrollTop || bottom > view.scrollTop + view.clientHeight) {
        view.scrollTop = this.#topOf(row, view.clientHeight);
      }

      this.update();
      isOther = this.#measure();
    }

    if (focus) {
      this.shown.get(row)?.focus({ preventScroll: true });
    }
  }

  update() {
    if (this.length === 0) {
      return;
    }

    const top = this.element.scrollTop;
    const first = this.heights.at(Math.max(0, top - overscan));
    const last = Math.min(this.length - 1, first + most - 1, this.heights.at(top + this.element.clientHeight + overscan));
    for (const [row, element] of this.shown) {
      if (row < first || row > last) {
        this.observer.unobserve(element);
        element.remove();
        this.shown.delete(row);
      }
    }

    /** @type {ChildNode | null} */
    let place = this.inner.firstChild;
    for (let row = first; row <= last; row++) {
      const element = this.shown.get(row);
      if (element) {
        place = element.nextSibling;
      } else {
        this.inner.insertBefore(this.#make(row), place);
      }
    }

    this.#pad(first, last);
  }

  /** @param {number} row */
  #make(row) {
    const element = this.options.render(row);
    element.setAttribute('role', this.options.rowRole);
    element.setAttribute('aria-posinset', String(row + 1));
    element.setAttribute('aria-setsize', String(this.length));
    element.setAttribute('tabindex', row === this.active ? '0' : '-1');
    element.addEventListener('focusin', () => this.#activate(row));
    this.shown.set(row, element);
    this.observer.observe(element);
    return element;
  }

  /** @param {number} row */
  #activate(row) {
    this.shown.get(this.active)?.setAttribute('tabindex', '-1');
    this.active = row;
    this.shown.get(row)?.setAttribute('tabindex', '0');
  }

  /**
   * How far to scroll so that a row is seen, with something of what is before it.
   * @param {number} row
   * @param {number} height Of what is seen.
   */
  #topOf(row, height) {
    return Math.max(0, this.heights.before(row) - Math.min(80, height / 4));
  }

  /** @returns {boolean} Whether a row was not as high as was thought. */
  #measure() {
    const top = this.element.scrollTop;
    let moved = 0;
    let isOther = false;
    for (const [row, element] of this.shown) {
      const height = element.getBoundingClientRect().height;
      const was = this.heights.values[row];
      if (height > 0 && Math.abs(height - was) > 0.5) {
        if (this.heights.before(row) + was <= top) {
          moved += height - was;
        }

        this.heights.set(row, height);
        isOther = true;
      }
    }

    if (moved !== 0) {
      this.element.scrollTop = top + moved;
    }

    if (isOther) {
      this.update();
    }

    return isOther;
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  #pad(first, last) {
    const padding = `${this.heights.before(first)}px 0 ${Math.max(0, this.heights.total - this.heights.before(Math.min(this.length, last + 1)))}px`;
    if (padding !== this.padding) {
      // Also the same written again would have the whole list laid out anew.
      this.inner.style.padding = padding;
      this.padding = padding;
    }
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const target = /** @type {HTMLElement} */ (e.target);
    if (e.ctrlKey || e.altKey || e.metaKey || target.matches('input, select, textarea')) {
      return;
    }

    const page = Math.max(1, Math.floor(this.shown.size / 2));
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.length, End: this.length });
    const step = steps[e.key];
    if (step !== undefined) {
      e.preventDefault();
      this.show(Math.min(this.length - 1, Math.max(0, this.active + step)), true);
    }
  }
}
