import type { Command } from 'commander';
import { usageError } from '../../core/errors.js';
import type { LeakBaseline, LeakSubject } from '../../core/leak-baseline.js';
import { isSameSubject } from '../../verdict/known-leaks/subject.js';
import { NO_REASON, TOLERATED_DAYS } from '../../verdict/known-leaks/update-baseline.js';
import { checkWritable, readBaseline } from './baseline-file.js';

/** The flags of a run beside a baseline of known leaks. */
export interface BaselineFlags {
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly baselineReason?: string;
}

/** What the flags come to. */
export interface BaselineUse {
  readonly path: string;
  /** As it was before the run; empty where the file is still to be made. */
  readonly baseline: LeakBaseline;
  /** Whether it is written from this run. */
  readonly isUpdated: boolean;
  /** For entries that have no reason yet; null for none. */
  readonly reason: string | null;
}

const HELP = `
Adopting leak-soak where something leaks already: --baseline FILE holds the known leaks of each scenario and target,
a growth per metric with its culprits, a reason and a last day. A leak that is known, not expired, not faster and not
joined by another structure is told and does not fail the run; everything else decides as before.
  --baseline leaks.json --update-baseline    record what leaks now (also removes what no longer does), exit 0 when
                                             that is all that failed: the run is judged by what it has recorded
  --baseline leaks.json                      from then on fail only on new or worse leaks
The file is for people: commit it, fill in each reason, review it when an entry expires (${TOLERATED_DAYS} days).`;

export function addBaselineFlags(command: Command): Command {
  return command
    .option('--baseline <file>', 'known leaks (JSON), which do not fail the run unless they are worse')
    .option(
      '--update-baseline',
      'write --baseline from this run when it is complete; its verdict is then the one beside the new file',
    )
    .option('--baseline-reason <text>', 'with --update-baseline: why the leaks that it adds may stay')
    .addHelpText('after', HELP);
}

/** Reads the baseline before anything is started. Null without one; throws `usage` for flags that do not go together. */
export function baselineUse(
  flags: BaselineFlags & { readonly heapSnapshots?: string; readonly failFast?: boolean },
): BaselineUse | null {
  const { baseline: path, updateBaseline: isUpdated = false, baselineReason: reason = null } = flags;
  if (!isUpdated && reason !== null) {
    throw usageError(
      '--baseline-reason goes with --update-baseline: in a file that is there, edit its reason',
    );
  }
  if (path === undefined) {
    if (!isUpdated) return null;
    throw usageError('--update-baseline needs the file that it writes: add --baseline FILE');
  }
  if (!isUpdated) return { path, baseline: readBaseline(path), isUpdated, reason };
  if (reason?.trim() === '')
    throw usageError(`--baseline-reason "" says nothing: leave it out for "${NO_REASON}"`);
  if (reason !== null && /\p{Cc}/u.test(reason))
    throw usageError('--baseline-reason is of several lines: write it in one');
  forbidIncomplete(flags);
  checkWritable(path);
  return { path, baseline: readBaseline(path, { mayBeMissing: true }), isUpdated, reason };
}

/** Whose leaks a baseline holds, for the start of a run: a command spelled otherwise is another target. */
export function describeBaseline({ path, baseline, isUpdated }: BaselineUse, subject: LeakSubject): string {
  const own = baseline.knownLeaks.filter((leak) => isSameSubject(leak, subject));
  const written = isUpdated ? ', written from this run when it is complete' : '';
  if (own.length > 0) {
    return `--baseline ${path}: known to leak here: ${own.map(({ metric }) => metric).join(', ')}${written}`;
  }
  const near = baseline.knownLeaks.find(({ scenario }) => scenario === subject.scenario)?.command;
  const hint =
    near === undefined ? '' : `; it has scenario ${subject.scenario} with ${near ?? 'the built-in node'}`;
  return `--baseline ${path}: no known leak of this scenario and target${hint}${written}`;
}

/** A run that is never complete, or names no culprits, would be found out only at its end. */
function forbidIncomplete({
  heapSnapshots,
  failFast,
}: {
  readonly heapSnapshots?: string;
  readonly failFast?: boolean;
}): void {
  if (failFast === true) {
    throw usageError(
      '--fail-fast does not go with --update-baseline: a baseline is of complete runs; leave it out',
    );
  }
  if (heapSnapshots === 'off') {
    throw usageError(
      '--heap-snapshots off does not go with --update-baseline: a leak of the heap is known by its structure; leave it out',
    );
  }
}
