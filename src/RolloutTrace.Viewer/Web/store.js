/** @type {State} */
const state = { panel: 'conversation', thread: 0, request: null, thing: null, onlyNew: false, query: '' };

/** @type {Set<(state: State, before: State) => void>} */
const listeners = new Set();

let life = new AbortController();

/** Ends when another rollout, or more of the same, takes the place of what is shown. */
export function lifetime() {
  return life.signal;
}

/** Ends what is shown: nothing of it listens any more. */
export function renew() {
  life.abort();
  life = new AbortController();
  listeners.clear();
}

/**
 * Does something in the next frame, if what is shown is still there.
 * @param {() => void} act
 */
export function soon(act) {
  const { signal } = life;
  requestAnimationFrame(() => signal.aborted || act());
}

/** What is chosen. @returns {Readonly<State>} */
export function current() {
  return state;
}

/**
 * Chooses something else, and tells all that show it.
 * @param {Partial<State>} change
 */
export function choose(change) {
  const before = { ...state };
  Object.assign(state, change);
  if (Object.keys(change).some(key => before[/** @type {keyof State} */ (key)] !== state[/** @type {keyof State} */ (key)])) {
    listeners.forEach(listener => listener(state, before));
  }
}

/** @param {(state: State, before: State) => void} listener */
export function whenChosen(listener) {
  listeners.add(listener);
}

/** @type {(id: string) => void} */
let opener = () => {};

/**
 * Sets what leads to the place of an id.
 * @param {(id: string) => void} open
 */
export function setOpener(open) {
  opener = open;
}

/**
 * Leads to where something is to be seen.
 * @param {string} id Any id that can be explained.
 */
export function open(id) {
  opener(id);
}

/**
 * The address of a thing within the page.
 * @param {string} id
 * @param {string} [panel]
 */
export function addressOf(id, panel) {
  return `#${encodeURIComponent(id)}${panel && panel !== 'conversation' ? `?panel=${panel}` : ''}`;
}
