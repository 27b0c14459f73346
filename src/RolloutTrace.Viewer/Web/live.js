import { h, fill } from './html.js';
import { counted, words } from './format.js';
import { visible } from './visible.js';
import { bytesOf, documentOf, isServed, whenChanged } from './source.js';
import { forgetEvidence, openEvidence } from './evidence.js';
import { withRepeats } from './repeats.js';
import { Rollout } from './rollout.js';

/**
 * Shows a rollout, and what comes to it: at once where nobody looks at anything in particular, and else when it is asked for.
 * @param {(rollout: Rollout, isAgain: boolean) => void} show
 * @param {(rollout: Rollout) => boolean} isFollowing Whether what is new may take the place of what is shown.
 * @param {(problem: string) => void} fail Says why there is nothing to show.
 * @returns {{ note: HTMLElement, catchUp: () => void }} Where it says that there is more, and what shows it.
 */
export function live(show, isFollowing, fail) {
  /** @type {Rollout | undefined} */
  let shown;
  /** @type {Rollout | undefined} */
  let newer;
  /** @type {string | null} */
  let trouble = null;
  let isWaiting = false;
  const note = h('div', { class: 'note', role: 'status' });
  const take = (/** @type {Rollout} */ rollout) => {
    const isAgain = shown !== undefined;
    newer = undefined;
    shown = rollout;
    forgetEvidence();
    show(rollout, isAgain);
    say();
  };
  const catchUp = () => {
    if (newer) {
      take(newer);
    }
  };
  const say = () => fill(note,
    newer && shown && h('button', { type: 'button', title: 'key f', onclick: catchUp }, `There is more: ${difference(shown, newer)}`),
    isWaiting && 'Opening the rest of the rollout…',
    trouble !== null && h('span', { class: 'bad' }, ...visible(trouble)));
  const open = async () => {
    const rollout = new Rollout(await documentOf('data'));
    // An address that leads to a thing needs all. Else what is seen first is seen first.
    const isAnyPlace = location.hash === '';
    if (isAnyPlace) {
      take(rollout);
      // The frame that shows it comes before what is not seen yet: that is opened behind the next one.
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
    }

    rollout.whenWaiting = () => {
      isWaiting = true;
      say();
    };
    rollout.waiting.length > 0 && rollout.whenWaiting();
    const { bytes } = await openEvidence();
    rollout.complete(JSON.parse(withRepeats(await bytesOf('rest'), bytes)));
    performance.mark('whole');
    isWaiting = false;
    isAnyPlace ? say() : take(rollout);
  };
  if (!isServed) {
    open().catch(problem => {
      trouble = problem.message;
      isWaiting = false;
      shown === undefined ? fail(problem.message) : say();
    });
  } else {
    whenChanged('data', doc => {
      const rollout = new Rollout(doc);
      if (shown === undefined || isFollowing(shown)) {
        take(rollout);
      } else {
        newer = rollout;
        say();
      }
    }, problem => {
      trouble = problem;
      shown === undefined && problem !== null ? fail(problem) : say();
    });
  }

  return { note, catchUp };
}

/**
 * What a rollout has come to, in words.
 * @param {Rollout} before
 * @param {Rollout} after
 */
function difference(before, after) {
  const more = [[after.doc.requests.length - before.doc.requests.length, 'request'], [after.doc.items.length - before.doc.items.length, 'item'], [after.doc.tools.length - before.doc.tools.length, 'tool call']]
    .filter(([n]) => Number(n) > 0).map(([n, noun]) => counted(Number(n), String(noun)));
  const { status } = after.doc.rollout;
  return [...more, ...status === before.doc.rollout.status ? [] : [`it is ${words(status)}`]].join(', ') || 'what was there has changed';
}
