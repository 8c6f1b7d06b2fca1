import { usageError } from '../../harness/core/errors.js';
import type { RecordingNote } from '../../harness/core/foreign-recording.js';

/** The rows of a file that have a time, column by column. */
export interface Rows {
  readonly lines: number[];
  readonly timesMs: number[];
  /** Null where the file has not named a process yet. */
  readonly pids: (number | null)[];
  readonly loads: number[];
}

/** Rows `from` up to, not including, `to`, and what was said about leaving out the others. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly notes: readonly RecordingNote[];
}

/**
 * A clock that was set back loses some minutes; one that falls by more than this share of the recording so far
 * has begun anew: a second run.
 */
const SECOND_RUN_SHARE = 0.5;

/** A process that restarts all night says so this often. */
const MAX_NOTES = 3;

/**
 * The longest stretch of rows of one process whose time only moves forward; of two equally long ones the later.
 * Throws a usage error where a second run begins in the same file.
 */
export function longestStretch({ lines, timesMs, pids }: Rows): Stretch {
  const starts = [0];
  const notes: RecordingNote[] = [];
  for (let row = 1; row < timesMs.length; row++) {
    const [before, now] = [timesMs[row - 1] as number, timesMs[row] as number];
    const [pidBefore, pid] = [pids[row - 1] ?? null, pids[row] ?? null];
    const restarted = pidBefore !== null && pid !== pidBefore;
    if (restarted) {
      notes.push({
        concerns: 'note',
        message: `the process was restarted at line ${lines[row]}: pid ${pidBefore} became ${pid}`,
      });
    } else if (now < before) {
      const first = timesMs[starts.at(-1) ?? 0] as number;
      if (before - now > SECOND_RUN_SHARE * (before - first)) {
        throw usageError(
          `line ${lines[row]}: time goes back by ${seconds(before - now)}: two runs in one file? Split it at this line`,
        );
      }
      notes.push({
        concerns: 'coverage',
        message: `time goes back by ${seconds(before - now)} at line ${lines[row]}`,
      });
    }
    if (restarted || now < before) starts.push(row);
  }
  const [from, to] = longest(starts, timesMs.length);
  const shown = withoutTail(notes);
  if (starts.length > 1) {
    const message = `judged on the longest stretch, lines ${lines[from]} to ${lines[to - 1]}: ${to - from} of ${timesMs.length} rows`;
    const lives = pids.filter((pid, row) => (row < from || row >= to) && pid !== (pids[from] ?? null));
    shown.push({ concerns: lives.length > to - from ? 'coverage' : 'note', message });
  }
  return { from, to, notes: shown };
}

/** The first few of many notes, and how many more; that any of them lowers certainty is kept. */
function withoutTail(notes: readonly RecordingNote[]): RecordingNote[] {
  if (notes.length <= MAX_NOTES) return [...notes];
  const tail = notes.slice(MAX_NOTES);
  const setBack = tail.some(({ concerns }) => concerns === 'coverage');
  const what = setBack ? 'the process was restarted or time goes back' : 'the process was restarted';
  const message = `${what} ${tail.length} times more`;
  return [...notes.slice(0, MAX_NOTES), { concerns: setBack ? 'coverage' : 'note', message }];
}

function longest(starts: readonly number[], count: number): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  starts.forEach((from, i) => {
    const to = starts[i + 1] ?? count;
    if (to - from >= best[1] - best[0]) best = [from, to];
  });
  return best;
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))} s`;
}
