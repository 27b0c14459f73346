/** Heights of rows: the sum of those before a row, and the row at a height, in time that hardly grows with their number. */
export class Heights {
  /** @param {Float64Array} values */
  constructor(values) {
    this.values = values;
    this.tree = new Float64Array(values.length + 1);
    for (let i = 1; i <= values.length; i++) {
      this.tree[i] += values[i - 1];
      const parent = i + (i & -i);
      if (parent <= values.length) {
        this.tree[parent] += this.tree[i];
      }
    }
  }

  get total() {
    return this.before(this.values.length);
  }

  /** @param {number} row */
  before(row) {
    let sum = 0;
    for (let i = row; i > 0; i -= i & -i) {
      sum += this.tree[i];
    }

    return sum;
  }

  /**
   * @param {number} row
   * @param {number} height
   */
  set(row, height) {
    const change = height - this.values[row];
    this.values[row] = height;
    for (let i = row + 1; i < this.tree.length; i += i & -i) {
      this.tree[i] += change;
    }
  }

  /**
   * The row that stands at a height; the last one below all.
   * @param {number} height
   */
  at(height) {
    let row = 0;
    let left = height;
    for (let step = 1 << Math.floor(Math.log2(this.tree.length)); step > 0; step >>= 1) {
      if (row + step < this.tree.length && this.tree[row + step] <= left) {
        row += step;
        left -= this.tree[row];
      }
    }

    return Math.min(row, this.values.length - 1);
  }
}
