import { h, fill } from './html.js';
import { words } from './format.js';
import { plain, visible } from './visible.js';
import { rawPlace } from './raw.js';
import { addressOf, choose, current, whenChosen } from './store.js';

const mostCauses = 200;
const mostEffects = 100;

/**
 * The panel beside the others: why the chosen thing is there, from the user's input on, and what came of it.
 * @param {import('./rollout.js').Rollout} rollout
 * @returns {HTMLElement}
 */
export function whyPanel(rollout) {
  const panel = h('aside', { class: 'why', 'aria-label': 'Why' });
  const show = () => {
    const { thing } = current();
    panel.hidden = thing === null;
    if (thing !== null) {
      fill(panel, ...explain(rollout, thing));
      panel.scrollTop = 0;
    }
  };
  whenChosen((state, before) => state.thing !== before.thing && show());
  show();
  return panel;
}

/**
 * The causes of a thing, the first one first, each with how it led to the next.
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} number
 * @returns {{ thing: number | undefined, how: string }[]}
 */
export function causesOf(rollout, number) {
  /** @type {{ thing: number | undefined, how: string }[]} */
  const causes = [];
  const seen = new Set([number]);
  for (let at = number; causes.length < mostCauses;) {
    const { how, cause } = rollout.doc.things[at];
    if (cause === undefined && how === undefined) {
      break;
    }

    if (cause === undefined || seen.has(cause)) {
      causes.push({ thing: undefined, how: how ?? '' });
      break;
    }

    causes.push({ thing: cause, how: how ?? '' });
    seen.add(cause);
    at = cause;
  }

  return causes.reverse();
}

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number} number
 * @returns {HTMLElement[]}
 */
function explain(rollout, number) {
  const thing = rollout.doc.things[number];
  const causes = causesOf(rollout, number);
  const effects = (thing.effects ?? []).map(([n, text, rest]) => ({ thing: n, text: rest === undefined ? text : text + textOf(rollout.doc.things[n]) + rest }));
  return [
    h('header', { class: 'why-head' },
      h('h2', null, `Why this ${words(thing.kind)}`),
      h('button', { type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => choose({ thing: null }) }, '✕')),
    h('section', { 'aria-label': 'Causes' }, h('h3', null, 'What led to it'),
      causes.length === 0
        ? h('p', { class: 'absent' }, 'Nothing that is known: it stands at the beginning.')
        : h('ol', { class: 'steps' }, causes.map(cause => step(rollout, cause.thing, cause.thing === undefined ? cause.how : textOf(rollout.doc.things[cause.thing]), cause.thing === undefined ? '' : cause.how)))),
    h('section', { 'aria-label': 'The thing itself', class: 'subject' }, h('ol', { class: 'steps' }, step(rollout, number, textOf(thing), ''))),
    h('section', { 'aria-label': 'Effects' }, h('h3', null, 'What came of it'),
      effects.length === 0
        ? h('p', { class: 'absent' }, 'Nothing that is known.')
        : h('ul', { class: 'steps' }, effects.slice(0, mostEffects).map(effect => step(rollout, effect.thing, effect.text ?? textOf(rollout.doc.things[effect.thing]), ''))),
      effects.length > mostEffects && h('p', { class: 'absent' }, `and ${effects.length - mostEffects} more`)),
  ];
}

/** @param {Thing} thing */
function textOf(thing) {
  return thing.text ?? `${words(thing.kind)} ${thing.id}`;
}

// Of the ids in a sentence the ends are enough; the whole one is where it leads to.
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})/g;

/**
 * @param {import('./rollout.js').Rollout} rollout
 * @param {number | undefined} number
 * @param {string} text
 * @param {string} how
 */
function step(rollout, number, text, how) {
  if (number === undefined) {
    return h('li', null, ...visible(text.replace(uuid, '$1')));
  }

  const thing = rollout.doc.things[number];
  return h('li', null,
    h('a', { href: addressOf(thing.id), title: plain(thing.id) }, ...visible(text.replace(uuid, '$1'))),
    how !== '' && h('span', { class: 'how' }, ' ', ...visible(how.replace(uuid, '$1'))),
    rollout.doc.has_content && (thing.evidence ?? []).length > 0 && h('div', { class: 'evidence' }, (thing.evidence ?? []).map(rawPlace)));
}
