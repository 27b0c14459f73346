// Numbers and times as Intl writes them in English, by hand: its data take 20 to 60 ms to be read, before the first rows are there.
const units = ['', 'K', 'M', 'B', 'T'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})$/;

/** @param {number} n */
export function count(n) {
  const [whole, part] = String(n).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** @param {number} n */
export function short(n) {
  let unit = 0;
  while (n >= 10000 && unit < units.length - 1 && n >= 999.95 * 1000 ** unit) {
    unit++;
  }

  return unit === 0 ? count(n) : `${count(Math.round(n / 10 ** (3 * unit - 1)) / 10)}${units[unit]}`;
}

/** @param {number} share From 0 to 1. */
export function percentage(share) {
  return `${count(Math.round(share * 1000) / 10)}%`;
}

/**
 * A number with its noun, which takes an s for all but one.
 * @param {number} n
 * @param {string} noun
 */
export function counted(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** @param {number} n */
export function bytes(n) {
  return n < 1000 ? `${n} B` : n < 999500 ? `${(n / 1e3).toFixed(n < 9950 ? 1 : 0)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** @param {number | undefined} ms Not known if undefined. */
export function duration(ms) {
  if (ms === undefined) {
    return '';
  }

  if (ms < 999.5) {
    return `${Math.round(ms)} ms`;
  }

  // Rounded before it is taken apart: there is no 1 min 60 s.
  const s = Math.round(ms / 1000);
  return ms < 59950 ? `${(ms / 1000).toFixed(1)} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}

/** @param {number} ms Since the Unix epoch. */
export function time(ms) {
  if (!(Math.abs(ms) < 8.64e15)) {
    return 'at an unknown time';
  }

  const at = new Date(ms);
  const [hour, minute, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return `${months[at.getUTCMonth()]} ${at.getUTCDate()}, ${at.getUTCFullYear()}, ${hour % 12 || 12}:${two(minute)}:${two(second)} ${hour < 12 ? 'AM' : 'PM'} UTC`;
}

/**
 * An id as people can tell it from its neighbours: of a UUID the end, of another that is long both ends.
 * @param {string} id
 */
export function shortId(id) {
  return uuid.exec(id)?.[1] ?? (id.length > 48 ? `${id.slice(0, 24)}…${id.slice(-16)}` : id);
}

/**
 * A word of the format for people: `tool_call` is a tool call.
 * @param {string} word
 */
export function words(word) {
  return word.replaceAll('_', ' ');
}
