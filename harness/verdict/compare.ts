/** Two runs against each other: is the growth of the second worse than that of the first? */
import type { Comparison, ComparisonOutcome, MetricComparison } from '../core/comparison.js';
import type { ExitCode } from '../core/exit-code.js';
import type { Manifest } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';
import { compareMetric, type JudgedRecording } from './compare-metric.js';
import { hasLiveHeap, metricSeries } from './readings.js';
import { MIN_PASS_SAMPLES, PASS_PROBABILITY } from './thresholds.js';
import { doubtfulSettings, unlikeSettings } from './unlike.js';
import { sayOf } from './who-decides.js';
import { judgedWindow, offeredPerMin } from './window.js';

/** A run as it was recorded. */
export interface RecordedRun {
  readonly manifest: Manifest;
  readonly recording: Recording;
}

export interface CompareOptions {
  /**
   * Compares runs whose settings differ as well; the differences are then listed beside the result.
   * @default false
   */
  readonly force?: boolean;
}

/** Offered rates that differ by more than this share make growth per minute two different things. */
const MAX_LOAD_DIFFERENCE = 0.05;

const EXIT_CODES: Readonly<Record<ComparisonOutcome, ExitCode>> = {
  regressed: 1,
  improved: 0,
  'no-difference': 0,
  inconclusive: 2,
};

/**
 * Compares the growth of every metric that the after run has a budget for. Refused (exit 4) when a setting
 * that shapes the measurement differs, unless forced.
 */
export function compareRuns(
  before: RecordedRun,
  after: RecordedRun,
  { force = false }: CompareOptions = {},
): Comparison {
  const differences = unlikeSettings(before.manifest, after.manifest);
  if (differences.length > 0 && !force) return { state: 'refused', exitCode: 4, differences };
  const [left, right] = [judged(before), judged(after)];
  const liveHeap = hasLiveHeap(left.recording, left.window) && hasLiveHeap(right.recording, right.window);
  const metrics = after.manifest.plan.budgets
    .filter(({ explicit, metric }) => explicit || isReadIn(left, metric) || isReadIn(right, metric))
    .map((budget) => compareMetric(left, right, budget, sayOf(budget, liveHeap)));
  const doubts = [
    ...loadDoubts(left, right),
    ...stateDoubts('before', before),
    ...stateDoubts('after', after),
  ];
  const outcome = overall(metrics, doubts.length > 0);
  return {
    state: 'compared',
    exitCode: EXIT_CODES[outcome],
    outcome,
    metrics,
    differences,
    warnings: [
      ...doubts,
      ...doubtfulSettings(before.manifest, after.manifest).map(
        (difference) =>
          `${difference.setting} differs and may explain a difference: ${difference.before} before, ${difference.after} after`,
      ),
    ],
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

function mayHaveRegressed({ outcome, pRegressed, before, after }: MetricComparison): boolean {
  if (outcome !== 'inconclusive') return false;
  const tooFew = Math.min(before.samples, after.samples) < MIN_PASS_SAMPLES;
  return tooFew || pRegressed === null || pRegressed > PASS_PROBABILITY;
}

function judged({ recording }: RecordedRun): JudgedRecording {
  return { recording, window: judgedWindow(recording) };
}

function isReadIn({ recording, window }: JudgedRecording, metric: MetricComparison['metric']): boolean {
  return metricSeries(recording, metric, window).values.length > 0;
}

function loadDoubts(before: JudgedRecording, after: JudgedRecording): string[] {
  const [left, right] = [before, after].map(({ recording, window }) =>
    window === null ? null : offeredPerMin(recording, window),
  );
  if (left == null || right == null) return [];
  if (Math.abs(left - right) <= MAX_LOAD_DIFFERENCE * Math.max(left, right)) return [];
  return [
    `the offered load differs: ${Math.round(left)} operations/min before, ${Math.round(right)} after; growth is only comparable at equal load`,
  ];
}

function stateDoubts(side: 'before' | 'after', { manifest }: RecordedRun): string[] {
  if (manifest.state === 'finished') return [];
  return [`the ${side} run did not finish (state ${manifest.state}); it is compared as far as it got`];
}
