import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leakBaselineJson, parseLeakBaseline } from '../../../reports/leak-baseline.js';
import type { LeakBaseline, LeakSubject } from '../../core/leak-baseline.js';
import type { Manifest } from '../../core/manifest.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { applyBaseline } from '../../verdict/known-leaks/apply-baseline.js';
import { growsAsKnown } from '../../verdict/known-leaks/meet.js';
import { isSameSubject } from '../../verdict/known-leaks/subject.js';
import { updateBaseline } from '../../verdict/known-leaks/update-baseline.js';
import { whyNotRecorded } from '../../verdict/known-leaks/why-not-recorded.js';
import { RUN_FILES } from '../files/run-files.js';
import { replaceFile } from '../files/run-folder.js';
import { readBaseline, writeBaseline } from './baseline-file.js';
import type { BaselineUse } from './baseline-flags.js';

/** A run's verdict beside its baseline. */
export interface SettledRun {
  readonly verdict: RunVerdict;
  /** What became of an update that was asked for, in one sentence; null when none was. */
  readonly update: { readonly isWritten: boolean; readonly message: string } | null;
}

/** Keeps the baseline of a run in its folder, so that it can be judged again although its rig was killed. */
export function keepBaseline(folder: string, baseline: LeakBaseline): void {
  replaceFile(join(folder, RUN_FILES.knownLeaks), leakBaselineJson(baseline));
}

/** Which failing metrics do not end a run early: those that are known, or will be by this very run. */
export function isKnownBy(
  { baseline, isUpdated }: BaselineUse,
  subject: LeakSubject,
  day: string,
): (metric: MetricVerdict) => boolean {
  const own = baseline.knownLeaks.filter((leak) => isSameSubject(leak, subject));
  return (metric) => isUpdated || growsAsKnown(own, metric, day);
}

/**
 * Applies a baseline to a run's own verdict, after it was written anew where that was asked for and the run is
 * ground for it. What was applied stays in the run's folder, so that `analyze` comes to the same.
 */
export function settleKnown(
  own: RunVerdict,
  manifest: Manifest,
  use: BaselineUse,
  folder: string,
): SettledRun {
  const why = use.isUpdated ? whyNotRecorded(manifest, own) : null;
  const baseline = use.isUpdated && why === null ? recordInto(use, own, manifest) : use.baseline;
  keepBaseline(folder, baseline);
  const verdict = applyBaseline(own, baseline, manifest.startedAt);
  if (!use.isUpdated) return { verdict, update: null };
  const message =
    why === null
      ? `--update-baseline: ${use.path} is written: see that each leak in it has its reason, and commit it`
      : `--update-baseline: ${use.path} is as it was, since ${why}`;
  return { verdict, update: { isWritten: why === null, message } };
}

/** Reads the file again first: another run may have written its own entries meanwhile. */
function recordInto({ path, reason }: BaselineUse, own: RunVerdict, manifest: Manifest): LeakBaseline {
  const current = readBaseline(path, { mayBeMissing: true });
  const baseline = updateBaseline(current, own, manifest.startedAt, reason);
  writeBaseline(path, baseline);
  return baseline;
}

/** A verdict that was judged again, beside the baseline that was applied to its run; as it is where none was. */
export function settleAgain(verdict: RunVerdict, manifest: Manifest, folder: string): RunVerdict {
  const path = join(folder, RUN_FILES.knownLeaks);
  if (!existsSync(path)) return verdict;
  return applyBaseline(verdict, parseLeakBaseline(readFileSync(path, 'utf8'), path), manifest.startedAt);
}
