/** Runs of two versions against each other: is the growth after worse than that before? */
import type { Comparison, ComparisonOutcome, MetricComparison, Pair } from '../core/comparison.js';
import type { ExitCode } from '../core/exit-code.js';
import type { NonEmpty } from '../stats/difference.js';
import { certaintyDoubts, certaintyNotes } from './compare-doubts.js';
import { compareMetric } from './compare-metric.js';
import type { JudgedRecording } from './compare-side.js';
import { hasLiveHeap, metricSeries } from './readings.js';
import type { RecordedRun } from './recorded-run.js';
import { MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';
import { unlikeSettings } from './unlike.js';
import { sayOf } from './who-decides.js';
import { judgedWindow } from './window.js';

export interface CompareOptions {
  /**
   * Compares runs whose settings differ as well; the differences are then listed beside the result.
   * @default false
   */
  readonly force?: boolean;
}

const EXIT_CODES: Readonly<Record<ComparisonOutcome, ExitCode>> = {
  regressed: 1,
  improved: 0,
  'no-difference': 0,
  inconclusive: 2,
};

/**
 * Compares the growth of every metric that the after runs have a budget for. Of several pairs the differences
 * within each are what is compared, so that whatever the two runs of a pair share (the hour, the machine's mood)
 * cancels. Refused (exit 4) when a setting that shapes the measurement differs, unless forced.
 */
export function comparePairs(
  pairs: NonEmpty<Pair<RecordedRun>>,
  { force = false }: CompareOptions = {},
): Comparison {
  const differences = unlikeSettings(pairs);
  if (differences.length > 0 && !force) return { state: 'refused', exitCode: 4, differences };
  const judged = pairs.map(({ before, after }) => ({ before: judgedPart(before), after: judgedPart(after) }));
  const runs = judged.flatMap(({ before, after }) => [before, after]);
  const liveHeap = runs.every(({ recording, window }) => hasLiveHeap(recording, window));
  const metrics = pairs[0].after.manifest.plan.budgets
    .filter(({ explicit, metric }) => explicit || runs.some((run) => isReadIn(run, metric)))
    .map((budget) => compareMetric(judged, budget, sayOf(budget, liveHeap)));
  const doubts = certaintyDoubts(pairs);
  const outcome = overall(metrics, doubts.length > 0);
  return {
    state: 'compared',
    exitCode: EXIT_CODES[outcome],
    outcome,
    pairs: pairs.length,
    metrics,
    differences,
    warnings: [...doubts, ...certaintyNotes(pairs)],
  };
}

/**
 * The worst of the metrics that decide. A metric of which only an improvement remains uncertain does not make
 * the comparison so: the question is whether after is worse. Doubts about a run only lower certainty.
 */
function overall(metrics: readonly MetricComparison[], doubted: boolean): ComparisonOutcome {
  const deciding = metrics.filter((metric) => metric.decides);
  if (deciding.some(({ outcome }) => outcome === 'regressed')) return 'regressed';
  if (doubted || deciding.length === 0 || deciding.some(mayHaveRegressed)) return 'inconclusive';
  return deciding.some(({ outcome }) => outcome === 'improved') ? 'improved' : 'no-difference';
}

function mayHaveRegressed(metric: MetricComparison): boolean {
  const { outcome, pRegressed, doubt } = metric;
  if (outcome !== 'inconclusive') return false;
  if (doubt !== null || pRegressed === null) return true;
  return pRegressed > PASS_PROBABILITY && !withinTolerance(metric);
}

/**
 * Whether the version after grows by less than the tolerance for sure. However uncertain the one before, it did not
 * shrink all the time, so that the one after is not worse by more than that.
 */
function withinTolerance({ after, tolerancePerMin }: MetricComparison): boolean {
  const { growthPerMin, halfWidthPerMin, samples } = after;
  if (growthPerMin === null || halfWidthPerMin === null || samples < MIN_PASS_SAMPLES) return false;
  return growthPerMin + halfWidthPerMin <= tolerancePerMin;
}

function judgedPart({ recording, manifest }: RecordedRun): JudgedRecording {
  const { cleanupPeriodMs } = manifest.plan;
  return { recording, window: judgedWindow(recording), cleanupPeriodMs };
}

function isReadIn({ recording, window }: JudgedRecording, metric: MetricComparison['metric']): boolean {
  return metricSeries(recording, metric, window).values.length > 0;
}
