import { words } from './format.js';

// The order in which a model is shown what a request gives, and in which a column stands, from its foot.
const order = ['tool_definitions', 'instructions', 'summary', 'user', 'agents', 'reasoning', 'assistant', 'tool_output'];
const shades = 6;

/**
 * The origins that stand in a chart, in their order, each with the name of its colour.
 * @param {import('./growth.js').Step[]} steps
 * @returns {{ key: string, colour: string }[]}
 */
export function originsIn(steps) {
  const sums = new Map();
  for (const step of steps) {
    for (const [key, size] of step.bytes) {
      sums.set(key, (sums.get(key) ?? 0) + size);
    }
  }

  const rank = (/** @type {string} */ key) => order.indexOf(key.split(' ')[0]);
  const keys = [...sums.keys()].sort((a, b) => rank(a) - rank(b) || sums.get(b) - sums.get(a));
  let tool = 0;
  return keys.map(key => ({ key, colour: key.startsWith('tool_output') ? `--tool-${Math.min(tool++, shades - 1)}` : `--origin-${key.split(' ')[0].replaceAll('_', '-')}` }));
}

/**
 * What people call an origin.
 * @param {string} key
 */
export function originName(key) {
  const [origin, ...tool] = key.split(' ');
  return origin === 'tool_output' ? (tool.length > 0 ? `output of ${tool.join(' ')}` : 'outputs of tools') : words(origin);
}
