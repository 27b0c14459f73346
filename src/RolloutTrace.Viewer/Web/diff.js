import { h } from './html.js';
import { visible } from './visible.js';

const patch = /^\*\*\* Begin Patch$/m;
const unified = /^(diff --git .*|--- .*\n\+\+\+ .*|@@ -\d+(,\d+)? \+\d+(,\d+)? @@.*)$/m;

/**
 * Whether a text is a patch: as tools of agents write them, or a unified diff.
 * @param {string} text
 */
export function isDiff(text) {
  return patch.test(text) || unified.test(text);
}

/**
 * The lines of a patch, told apart by what they do.
 * @param {string} text
 * @returns {HTMLElement[]}
 */
export function diff(text) {
  return text.split('\n').map(line => h('span', { class: `diff-line ${kindOf(line)}` }, ...visible(line), '\n'));
}

/** @param {string} line */
function kindOf(line) {
  return /^(\*\*\* |diff --git |--- |\+\+\+ |index |rename |similarity )/.test(line) ? 'diff-file'
    : line.startsWith('@@') ? 'diff-hunk'
    : line.startsWith('+') ? 'diff-added'
    : line.startsWith('-') ? 'diff-removed'
    : 'diff-same';
}
