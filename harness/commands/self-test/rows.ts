import { usageError } from '../../core/errors.js';
import type { FaultInfo } from '../../core/fault.js';
import { type FaultSign, type MatrixRow, rowName } from '../../core/matrix.js';
import type { Scenario } from '../../run/scenario.js';

/** Every scenario of the built-in node with the fixed node, and every fault in the first scenario that brings it out. */
export function matrixRows(
  scenarios: readonly Scenario[],
  faults: readonly FaultInfo[],
): readonly MatrixRow[] {
  const left = new Map(faults.map((fault) => [fault.id, fault]));
  return scenarios
    .filter(({ targetConfig }) => targetConfig !== null)
    .flatMap(({ name, exposes }): MatrixRow[] => {
      const own = exposes.flatMap((id) => left.get(id) ?? []);
      for (const { id } of own) left.delete(id);
      return [
        { scenario: name, fault: null },
        ...own.map((fault) => ({ scenario: name, fault: signOf(fault) })),
      ];
    });
}

/** What grows without end in the JavaScript heap has a holder there that a run has to name. */
function signOf({ id, metric, finding, retainer }: FaultInfo): FaultSign {
  return { id, metric, finding, retainer: metric === 'live-heap' && finding === null ? retainer : null };
}

/** The rows without the names of holders, which take heap snapshots to be found. */
export function withoutRetainers(rows: readonly MatrixRow[]): readonly MatrixRow[] {
  return rows.map((row) => ({ ...row, fault: row.fault === null ? null : { ...row.fault, retainer: null } }));
}

/**
 * The rows that were picked: by scenario with all of its faults, by fault, or by the row's own name. All of them when
 * nothing is. Throws `usage` for a word that is none of these.
 */
export function pickRows(rows: readonly MatrixRow[], only: readonly string[]): readonly MatrixRow[] {
  if (only.length === 0) return rows;
  const isMeant = (row: MatrixRow, word: string): boolean =>
    word === row.scenario || word === row.fault?.id || word === rowName(row);
  const unknown = only.find((word) => !rows.some((row) => isMeant(row, word)));
  if (unknown !== undefined) {
    const names = rows.map(rowName).join(', ');
    throw usageError(
      `--only ${unknown} is no row of the matrix: give a scenario, a fault or one of ${names}`,
    );
  }
  return rows.filter((row) => only.some((word) => isMeant(row, word)));
}
