import type { Phase } from '../harness/core/phase.js';
import type { Recording } from '../harness/core/recording.js';

/** First capacity of a column: an hour at 1 Hz without growing. */
const FIRST_CAPACITY = 4096;

/** Columns that grow row by row in typed arrays: 8 bytes a cell, and no array of rows in between. */
export interface GrowingColumns {
  /** Appends a row; `cells` follow the names given at creation, NaN where a cell is empty. */
  append(elapsedMs: number, phase: Phase, cells: Float64Array): void;
  /** What was appended so far, as a recording; more rows may follow, it does not see them. */
  recording(): Recording;
}

/** Empty columns of these names, beside the time and the phase that every row has. */
export function growingColumns(names: readonly string[]): GrowingColumns {
  let elapsed = new Float64Array(FIRST_CAPACITY);
  let columns = names.map(() => new Float64Array(FIRST_CAPACITY));
  const phases: Phase[] = [];
  return {
    append(elapsedMs, phase, cells) {
      const row = phases.length;
      if (row === elapsed.length) {
        elapsed = doubled(elapsed);
        columns = columns.map(doubled);
      }
      elapsed[row] = elapsedMs;
      phases.push(phase);
      for (let i = 0; i < columns.length; i++) (columns[i] as Float64Array)[row] = cells[i] ?? Number.NaN;
    },
    recording() {
      const rowCount = phases.length;
      const byName = new Map(
        names.map((name, i) => [name, (columns[i] as Float64Array).subarray(0, rowCount)]),
      );
      const elapsedMs = elapsed.subarray(0, rowCount);
      return {
        rowCount,
        elapsedMs,
        phases: phases.slice(),
        column: (name) => (name === 'elapsed_ms' ? elapsedMs : (byName.get(name) ?? null)),
      };
    },
  };
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
