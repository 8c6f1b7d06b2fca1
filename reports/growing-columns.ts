import { isGauge } from '../harness/core/gauge.js';
import type { Phase } from '../harness/core/phase.js';
import type { Recording } from '../harness/core/recording.js';
import { denseColumn, type StoredColumn, sparseColumn } from './stored-column.js';

/** Columns that grow row by row in typed arrays, and no array of rows in between. */
export interface GrowingColumns {
  /** The names of the cells of the rows that follow; columns that are new are empty in the rows before. */
  layout(names: readonly string[]): void;
  /** Appends a row; `cells` follow the names of the layout, NaN where a cell is empty. */
  append(elapsedMs: number, phase: Phase, cells: Float64Array): void;
  /** What was appended so far, as a recording; more rows may follow, it does not see them. */
  recording(): Recording;
}

/** No rows and no columns yet, beside the time and the phase that every row has. */
export function growingColumns(): GrowingColumns {
  const elapsed = denseColumn();
  const byName = new Map<string, StoredColumn>();
  const phases: Phase[] = [];
  let current: readonly StoredColumn[] = [];
  return {
    layout(names) {
      current = names.map((name) => {
        // A gauge is read at some rows only, and there may be two hundred of them.
        const column = byName.get(name) ?? (isGauge(name) ? sparseColumn() : denseColumn());
        byName.set(name, column);
        return column;
      });
    },
    append(elapsedMs, phase, cells) {
      const row = phases.length;
      elapsed.set(row, elapsedMs);
      phases.push(phase);
      for (let i = 0; i < current.length; i++) (current[i] as StoredColumn).set(row, cells[i] ?? Number.NaN);
    },
    recording() {
      const rowCount = phases.length;
      const elapsedMs = elapsed.rows(rowCount);
      return {
        rowCount,
        elapsedMs,
        phases: phases.slice(),
        column: (name) => (name === 'elapsed_ms' ? elapsedMs : (byName.get(name)?.rows(rowCount) ?? null)),
      };
    },
  };
}
