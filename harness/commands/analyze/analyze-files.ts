import { constants } from 'node:buffer';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { AnalysedFile } from '../../../reports/recordings/analysis-text.js';
import { readForeign } from '../../../reports/recordings/recognise.js';
import { verdictWhy } from '../../../reports/verdict-why.js';
import type { Budget } from '../../core/budget.js';
import { HarnessError, messageOf, usageError } from '../../core/errors.js';
import { dominantExitCode, type ExitCode } from '../../core/exit-code.js';
import type { ForeignRecording, ForeignSeries } from '../../core/foreign-recording.js';
import { inMetricOrder } from '../../core/metric.js';
import type { MetricOutcome, RunVerdict } from '../../core/verdict.js';
import { classifyAllocator } from '../../verdict/classify-allocator.js';
import { judge } from '../../verdict/judge.js';
import { foreignBudgets, judgeSeries } from '../../verdict/judge-series.js';
import { readRun } from '../files/read-run.js';
import { RUN_FILES } from '../files/run-files.js';
import { settleAgain } from '../known-leaks/settle-known.js';
import { confirmingRun } from '../run/confirm-allocator.js';
import type { AnalyzeOptions } from './analyze-flags.js';

const EXIT_CODES = { pass: 0, fail: 1, inconclusive: 2 } as const satisfies Record<MetricOutcome, ExitCode>;

/** A file or run that was judged, and the exit code it calls for. */
export interface JudgedFile extends AnalysedFile {
  readonly exitCode: ExitCode;
}

/** Whether a path stands for a run: its directory, or the `samples.csv` in it when no columns are mapped. */
export function isRun(path: string, { map }: AnalyzeOptions): boolean {
  if (path === '-') return false;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return true;
  return (
    map === null &&
    basename(path) === RUN_FILES.samples &&
    existsSync(join(dirname(path), RUN_FILES.manifest))
  );
}

/** Judges a run from its directory, and the one that was repeated for it. Throws usage errors. */
export async function judgeRun(
  path: string,
  { budgets, notForRuns }: Pick<AnalyzeOptions, 'budgets' | 'notForRuns'>,
): Promise<{ readonly directory: string; readonly verdict: RunVerdict }> {
  if (basename(path) !== RUN_FILES.samples && !existsSync(join(path, RUN_FILES.manifest))) {
    throw usageError(`'${path}' is not the directory of a run: it has no ${RUN_FILES.manifest}`);
  }
  if (notForRuns.length > 0) {
    throw usageError(
      `'${path}' is a run, whose phases and columns are recorded: leave out ${notForRuns.join(', ')}`,
    );
  }
  const { directory, manifest, recording, warnings } = await readRun(path);
  const plan = { ...manifest.plan, budgets: withBudgets(manifest.plan.budgets, budgets) };
  const verdict = settleAgain(judge({ ...manifest, plan }, recording, warnings), manifest, directory);
  const repeated = confirmingRun(directory);
  if (repeated === null) return { directory, verdict };
  const second = await judgeRun(repeated, { budgets, notForRuns });
  return { directory, verdict: classifyAllocator(verdict, second.verdict) };
}

/** Judges a run or a recording, whichever the path stands for. Throws usage errors that name it. */
export async function judgeFile(path: string, options: AnalyzeOptions): Promise<JudgedFile> {
  if (!isRun(path, options)) return judgeForeign(path, options);
  const { verdict } = await judgeRun(path, options);
  const { metrics, exitCode } = verdict;
  const byMetrics = metrics.filter(({ decides }) => decides).map((metric) => EXIT_CODES[metric.verdict]);
  const notes = [
    ...(exitCode === dominantExitCode(byMetrics)
      ? []
      : [`the run is ${verdict.verdict}: ${verdictWhy(verdict)}`]),
    ...verdict.knownLeaks.map(({ message }) => `known leak: ${message}`),
  ];
  return { file: path, metrics, notes, exitCode };
}

async function judgeForeign(path: string, options: AnalyzeOptions): Promise<JudgedFile> {
  const recording = await readNamed(path, options);
  const recorded = recording.series.filter((series) => options.map !== null || isAskedFor(series, options));
  const judged = recorded.length > 0 ? recorded : recording.series;
  const budgets = foreignBudgets(
    options.budgets,
    judged.map(({ metric }) => metric),
  );
  if (budgets.length === 0) {
    const names = recording.series.map(({ metric }) => metric).join(', ') || 'no metric';
    throw usageError(
      `${path}: it holds ${names}, for which there is no default budget: add --max-growth METRIC=RATE`,
    );
  }
  const seriesOptions = {
    startMs: recording.spanMs?.[0] ?? 0,
    warmUpMs: options.warmUpMs,
    cleanupPeriodMs: options.cleanupPeriodMs,
    doubts: recording.notes.filter(({ concerns }) => concerns === 'coverage').map(({ message }) => message),
  };
  const judgedSeries = budgets.map((budget) => {
    const series = recording.series.find(({ metric }) => metric === budget.metric) ?? emptySeries(budget);
    return judgeSeries(series, budget, seriesOptions);
  });
  const metrics = judgedSeries.map(({ verdict }) => verdict);
  const unread = recording.series.filter(
    ({ metric }) => !metrics.some((verdict) => verdict.metric === metric),
  );
  return {
    file: path,
    metrics,
    notes: [
      ...recording.notes.map(({ message }) => message),
      ...judgedSeries.flatMap(({ notes }) => notes),
      ...notJudged(unread),
    ],
    exitCode: dominantExitCode(metrics.map(({ verdict }) => EXIT_CODES[verdict])),
  };
}

async function readNamed(path: string, { map }: AnalyzeOptions): Promise<ForeignRecording> {
  const bytes = await bytesOf(path);
  try {
    return readForeign(bytes, path, map);
  } catch (thrown) {
    if (!(thrown instanceof HarnessError) || thrown.message.startsWith(path)) throw thrown;
    throw new HarnessError(thrown.code, `${path}: ${thrown.message}`, { cause: thrown });
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  const stats = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (path !== '-' && stats === undefined) {
    throw usageError(`'${path}' does not exist: it is not the directory of a run, nor a recording`);
  }
  const tooLarge = `${path}: larger than ${Math.floor(constants.MAX_STRING_LENGTH / 2 ** 20)} MiB: keep every n-th row`;
  if ((stats?.size ?? 0) > constants.MAX_STRING_LENGTH) throw usageError(tooLarge);
  try {
    const bytes = path === '-' ? await buffer(process.stdin) : await readFile(path);
    if (bytes.length <= constants.MAX_STRING_LENGTH) return bytes;
  } catch (cause) {
    throw usageError(`cannot read ${path}: ${messageOf(cause)}`, cause);
  }
  throw usageError(tooLarge);
}

/**
 * Whether a recognised file's metric is judged: one that reads 0 throughout was recorded and could not be read, so
 * that the others do not pass for it, unless the user named those that count.
 */
function isAskedFor(series: ForeignSeries, { budgets }: AnalyzeOptions): boolean {
  return budgets.length > 0 ? hasReading(series) : series.values.length > 0;
}

/** Zeros throughout are what a sampler writes that could not read. */
function hasReading({ values }: ForeignSeries): boolean {
  return values.some((value) => value > 0);
}

function notJudged(series: readonly ForeignSeries[]): string[] {
  const names = (wanted: boolean): string =>
    series.flatMap((one) => (hasReading(one) === wanted ? [one.metric] : [])).join(', ');
  return [
    ...(names(true) === '' ? [] : [`recorded, and without a default budget not judged: ${names(true)}`]),
    ...(names(false) === '' ? [] : [`not judged, no row having a reading above 0: ${names(false)}`]),
  ];
}

function emptySeries({ metric }: Budget): ForeignSeries {
  return { metric, elapsedMs: [], values: [], load: null, resolution: 1 };
}

/** A run's budgets with the user's in place of those of the same metric. */
function withBudgets(planned: readonly Budget[], explicit: readonly Budget[]): Budget[] {
  const byMetric = new Map([...planned, ...explicit].map((budget) => [budget.metric, budget]));
  return inMetricOrder(byMetric);
}
