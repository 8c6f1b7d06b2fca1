import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../../reports/manifest.js';
import { resultJson } from '../../../reports/verdict-json.js';
import { couldNotRun } from '../../core/errors.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import type { ResolvedRun } from '../../run/run-options.js';
import { dayOf } from '../../verdict/known-leaks/apply-baseline.js';
import { leakSubject } from '../../verdict/known-leaks/subject.js';
import { RUN_FILES } from '../files/run-files.js';
import { replaceFile } from '../files/run-folder.js';
import { type BaselineUse, describeBaseline } from './baseline-flags.js';
import { isKnownBy, keepBaseline, settleKnown } from './settle-known.js';

/** What a run's leaks belong to. */
type BesideOf = Pick<ResolvedRun, 'target'> & { readonly scenario: Pick<ResolvedRun['scenario'], 'name'> };

/** Carries out the run itself, with its own verdict; `isKnown` names the failing metrics that do not end it. */
type RecordRun = (isKnown: (metric: MetricVerdict) => boolean) => Promise<RunVerdict>;

/**
 * A run beside the leaks that are known. Throws `could-not-run` where its baseline should have been written, could
 * not be, and nothing in the verdict says that all is not well.
 */
export async function runBeside(
  use: BaselineUse,
  folder: string,
  { scenario, target }: BesideOf,
  say: (text: string) => void,
  record: RecordRun,
): Promise<RunVerdict> {
  const command = target.kind === 'built-in' ? [] : target.command;
  const subject = leakSubject(scenario.name, { kind: target.kind, command });
  say(describeBaseline(use, subject));
  keepBaseline(folder, use.baseline);
  const own = await record(isKnownBy(use, subject, dayOf(new Date().toISOString())));
  const path = join(folder, RUN_FILES.manifest);
  const manifest = parseManifest(readFileSync(path, 'utf8'), path);
  const { verdict, update } = settleKnown(own, manifest, use, folder);
  replaceFile(join(folder, RUN_FILES.verdict), resultJson(verdict));
  if (update?.isWritten === false && verdict.exitCode === 0) throw couldNotRun(update.message);
  if (update !== null) say(update.message);
  return verdict;
}
