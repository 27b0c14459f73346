/**
 * The numbers that runs stand for.
 * @param {Run[]} runs
 * @returns {number[]}
 */
export function expand(runs) {
  const numbers = [];
  for (const [first, last] of runs) {
    for (let n = first; n <= last; n++) {
      numbers.push(n);
    }
  }

  return numbers;
}
