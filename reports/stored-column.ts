/** The cells of one column of a recording; NaN stands for an empty one. */
export interface StoredColumn {
  /** Rows come in order; those that are left out are empty. */
  set(row: number, value: number): void;
  /** The first `rowCount` cells. Rows set later are not among them. */
  rows(rowCount: number): Float64Array;
}

/** First capacity of a column: an hour at 1 Hz without growing. */
const FIRST_CAPACITY = 4096;

/** Room for every row: 8 bytes a cell. What is not used yet is not touched, so that it takes no memory. */
export function denseColumn(): StoredColumn {
  let cells = new Float64Array(FIRST_CAPACITY);
  let filled = 0;
  const skipTo = (row: number): void => {
    while (row > cells.length) cells = doubled(cells);
    if (row > filled) cells.fill(Number.NaN, filled, row);
  };
  return {
    set(row, value) {
      if (row > filled) skipTo(row);
      if (row === cells.length) cells = doubled(cells);
      cells[row] = value;
      filled = row + 1;
    },
    rows(rowCount) {
      skipTo(rowCount);
      filled = Math.max(filled, rowCount);
      return cells.subarray(0, rowCount);
    },
  };
}

/** Room for the rows that hold something: 16 bytes a reading, and a dense array only when it is asked for. */
export function sparseColumn(): StoredColumn {
  let count = 0;
  let at = new Float64Array(16);
  let values = new Float64Array(16);
  return {
    set(row, value) {
      if (Number.isNaN(value)) return;
      if (count === at.length) {
        at = doubled(at);
        values = doubled(values);
      }
      at[count] = row;
      values[count] = value;
      count++;
    },
    rows(rowCount) {
      const cells = new Float64Array(rowCount).fill(Number.NaN);
      for (let i = 0; i < count && (at[i] as number) < rowCount; i++) {
        cells[at[i] as number] = values[i] as number;
      }
      return cells;
    },
  };
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
