import { h } from './html.js';
import { visible } from './visible.js';
import { rawOf } from './evidence.js';
import { textBlock } from './text.js';

/**
 * A place in the bundle, which shows what stands there when it is wanted.
 * @param {EvidencePlace} place
 * @returns {HTMLElement}
 */
export function rawPlace(place) {
  const name = typeof place === 'string' ? place : `event ${place}`;
  const details = h('details', {
    ontoggle: async () => {
      if (details.open && details.children.length === 1) {
        const raw = await rawOf(place).catch(problem => problem);
        details.append(raw instanceof Error ? h('p', { class: 'bad' }, ...visible(raw.message)) : raw === null ? h('p', { class: 'absent' }, 'The page does not have it.') : textBlock(pretty(raw), { kind: 'code', lines: 60, chars: 8000 }));
      }
    },
  }, h('summary', null, ...visible(name)));
  return details;
}

/** @param {string} raw */
function pretty(raw) {
  try {
    return raw.length < 200_000 ? JSON.stringify(JSON.parse(raw), null, 2) : raw;
  } catch {
    return raw;
  }
}
