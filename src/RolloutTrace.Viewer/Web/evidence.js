import { bytesOf, isServed } from './source.js';

/**
 * @typedef {{ id: string, path: string, kind: string, from: number, length: number, total: number, base?: Payload, before: number, after: number }} Payload
 * @typedef {{ bytes: Uint8Array, lines: { line: number, seq?: number, from: number, length: number }[], payloads: Map<string, Payload> }} Evidence
 */

// Whatever stands first is part of what stands there.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** @type {Promise<Evidence> | undefined} */
let opened;

/** The second document of the page, opened when it is first asked for. */
export function openEvidence() {
  opened ??= bytesOf('evidence').then(read).catch(problem => {
    // What a server could not give once it may give later.
    opened = isServed ? undefined : opened;
    throw problem;
  });
  return opened;
}

/** Has it opened anew: there is more of it. */
export function forgetEvidence() {
  opened = isServed ? undefined : opened;
}

/**
 * What stands at a place, raw.
 * @param {EvidencePlace} place
 * @returns {Promise<string | null>} Null if the page does not have it.
 */
export async function rawOf(place) {
  const evidence = await openEvidence();
  if (typeof place === 'string') {
    return payloadText(evidence, place);
  }

  // Two events can share a line, which is told of with the first.
  const line = evidence.lines.find(l => l.seq === place)?.line;
  const told = evidence.lines.find(l => l.line === line && l.length > 0);
  return told === undefined ? null : decoder.decode(evidence.bytes.subarray(told.from, told.from + told.length));
}

/**
 * The text of a payload, put together from those that it begins and ends like.
 * @param {Evidence} evidence
 * @param {string} path
 */
export function payloadText(evidence, path) {
  const payload = evidence.payloads.get(path);
  if (payload === undefined) {
    return null;
  }

  const bytes = new Uint8Array(payload.total);
  /** @type {[Payload, number, number, number][]} Of which, from where, to where, and where it goes. */
  const wanted = [[payload, 0, payload.total, 0]];
  for (let next = wanted.pop(); next; next = wanted.pop()) {
    const [{ base, before, length, from: place }, from, to, at] = next;
    const own = before + length;
    if (base && from < before) {
      wanted.push([base, from, Math.min(to, before), at]);
    }

    if (from < own && to > before) {
      bytes.set(evidence.bytes.subarray(place + Math.max(0, from - before), place + Math.min(to, own) - before), at + Math.max(0, before - from));
    }

    if (base && to > own) {
      const begin = Math.max(from, own);
      const shift = base.total - next[0].total;
      wanted.push([base, begin + shift, to + shift, at + begin - from]);
    }
  }

  return decoder.decode(bytes);
}

/**
 * The index stands at the end, and behind it how long it is.
 * @param {Uint8Array} bytes
 * @returns {Evidence}
 */
function read(bytes) {
  const end = bytes.length - 4;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end, true);
  const index = JSON.parse(decoder.decode(bytes.subarray(end - length, end)));
  let from = 0;
  const place = (/** @type {number} */ length) => {
    from += length;
    return { from: from - length, length };
  };
  let line = 0;
  let seq = 0;
  const lines = (index.lines?.line ?? []).map((/** @type {number} */ step, /** @type {number} */ i) => {
    const { seq: steps, length: lengths } = index.lines;
    return { line: line += step, seq: steps[i] === null ? undefined : seq += steps[i], ...place(lengths[i]) };
  });
  /** @type {Payload[]} */
  const payloads = [];
  let number = 0;
  for (const [i, name] of (index.payloads?.name ?? []).entries()) {
    const { kind, base, before, after, length } = index.payloads;
    const [id, path] = typeof name === 'number' ? [`raw_payload:${number += name}`, `payloads/${number}.json`] : name;
    payloads.push({ id, path, kind: kind[i], ...place(length[i]), total: before[i] + length[i] + after[i], base: base[i] > 0 ? payloads[i - base[i]] : undefined, before: before[i], after: after[i] });
  }

  return { bytes, lines, payloads: new Map(payloads.map(payload => [payload.path, payload])) };
}
