import { documentOf, isServed } from './source.js';

/** @typedef {{ lines?: { line: number, seq?: number, text?: string }[], payloads?: Record<string, { kind: string, id?: string, text: string, base?: string, before?: number, after?: number }> }} EvidenceDocument */

/** @type {Promise<EvidenceDocument> | undefined} */
let opened;

/** The second document of the page, opened when it is first asked for. */
export function openEvidence() {
  opened ??= documentOf('evidence').catch(problem => {
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
  const document = await openEvidence();
  if (typeof place === 'string') {
    return payloadText(document, place);
  }

  // Two events can share a line, which is told of with the first.
  const line = document.lines?.find(l => l.seq === place)?.line;
  return document.lines?.find(l => l.line === line && l.text !== undefined)?.text ?? null;
}

/**
 * The text of a payload, put together from those that it begins and ends like.
 * @param {EvidenceDocument} document
 * @param {string} path
 */
export function payloadText(document, path) {
  const payloads = document.payloads ?? {};
  const chain = [];
  for (let at = path; Object.hasOwn(payloads, at) && chain.length <= Object.keys(payloads).length;) {
    const payload = payloads[at];
    chain.push(payload);
    if (payload.base === undefined) {
      return chain.reverse().reduce((text, next) => text.slice(0, next.before ?? 0) + next.text + (next.after ? text.slice(-next.after) : ''), '');
    }

    at = payload.base;
  }

  return null;
}
