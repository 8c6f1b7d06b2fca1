import type { Recording } from '../core/recording.js';
import type { IdleGap } from '../stats/prepare/load-clock.js';

/**
 * The stretches of a recording in which the load was off between two stretches of load. When it went off and on
 * is known to a row from the phases, and to some milliseconds from what the driver counted around it: the last
 * operations of a stretch took their time at the rate of the rows before, the first ones at that of the rows
 * after.
 */
export function idleGaps(recording: Recording): readonly IdleGap[] {
  const { phases, elapsedMs, rowCount } = recording;
  const gaps: IdleGap[] = [];
  const busy = busyTime(recording);
  for (let first = phases.indexOf('steady') + 1; first > 0 && first < rowCount; first++) {
    if (phases[first] === 'steady') continue;
    const resumed = phases.indexOf('steady', first);
    if (resumed < 0) break;
    gaps.push({
      startMs: (elapsedMs[first - 1] as number) + busy(first, first - 1),
      endMs: (elapsedMs[resumed] as number) - busy(resumed, resumed + 1),
    });
    first = resumed;
  }
  return gaps;
}

/**
 * Milliseconds of load between a row and the one before it, by the operations offered in it and the rate in the
 * time up to `like`, a row wholly under load. Without a count, none is certain: the rows' phases decide.
 */
function busyTime({ elapsedMs, column }: Recording): (row: number, like: number) => number {
  const offered = column('offered');
  return (row, like) => {
    const wholeMs = (elapsedMs[row] as number) - (elapsedMs[row - 1] as number);
    const [work, full] = [row, like].map(
      (at) => (offered?.[at] ?? Number.NaN) - (offered?.[at - 1] ?? Number.NaN),
    ) as [number, number];
    const fullMs = (elapsedMs[like] ?? Number.NaN) - (elapsedMs[like - 1] ?? Number.NaN);
    const busyMs = (work / full) * fullMs;
    return Number.isFinite(busyMs) ? Math.min(wholeMs, Math.max(0, busyMs)) : wholeMs / 2;
  };
}
