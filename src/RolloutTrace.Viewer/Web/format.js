const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})$/;

/** @param {number} n */
export function count(n) {
  return whole.format(n);
}

/** @param {number} n */
export function short(n) {
  return n < 10000 ? whole.format(n) : compact.format(n);
}

/** @param {number} share From 0 to 1. */
export function percentage(share) {
  return percent.format(share);
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
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? `${clock.format(ms)} UTC` : 'at an unknown time';
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
