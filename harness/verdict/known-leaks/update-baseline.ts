import type { KnownLeak, LeakBaseline } from '../../core/leak-baseline.js';
import { inMetricOrder, type MetricName } from '../../core/metric.js';
import { formatGrowthWithInterval } from '../../core/units.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { dayOf } from './apply-baseline.js';
import { knownCulprits } from './known-culprits.js';
import { isSameSubject, leakSubject } from './subject.js';

/** Days for which a leak is tolerated when it is recorded: a quarter, after which somebody looks again. */
export const TOLERATED_DAYS = 90;

/** What stands where nobody gave a reason. */
export const NO_REASON =
  'no reason given: whoever accepts this leak writes here why it may stay, and who mends it';

const DAY_MS = 86_400_000;

/** A baseline without entries. */
export const EMPTY_BASELINE: LeakBaseline = { schemaVersion: 1, knownLeaks: [] };

/**
 * The baseline after a complete run, whose verdict is the one without a baseline: its failing metrics are known
 * from now on, those that pass are no longer; what it could not tell, and everybody else's entries, stay as they
 * are. An entry that is still valid keeps its reason and its last day; `reason` is for those that have none.
 */
export function updateBaseline(
  { knownLeaks }: LeakBaseline,
  verdict: RunVerdict,
  startedAt: string,
  reason: string | null,
): LeakBaseline {
  const subject = leakSubject(verdict.scenario, verdict.target);
  const own = knownLeaks.filter((leak) => isSameSubject(leak, subject));
  const others = knownLeaks.filter((leak) => !isSameSubject(leak, subject));
  const byMetric = new Map<MetricName, KnownLeak>(own.map((leak) => [leak.metric, leak]));
  for (const metric of verdict.metrics) {
    if (metric.verdict === 'pass') byMetric.delete(metric.metric);
    const measured = measuredLeak(metric, verdict);
    if (measured === null) continue;
    const terms = termsOf(byMetric.get(metric.metric), dayOf(startedAt), reason);
    byMetric.set(metric.metric, { ...subject, ...measured, ...terms });
  }
  return { schemaVersion: 1, knownLeaks: [...others, ...inMetricOrder(byMetric)].sort(bySubject) };
}

/** What was measured of a leak; null of a metric that does not fail the run. */
function measuredLeak(
  metric: MetricVerdict,
  { culprits }: RunVerdict,
): Omit<KnownLeak, 'scenario' | 'command' | keyof Terms> | null {
  const { verdict, decides, growthPerMin, halfWidthPerMin, growthPerOp, unit } = metric;
  if (verdict !== 'fail' || !decides || growthPerMin === null || halfWidthPerMin === null) return null;
  return {
    metric: metric.metric,
    growthPerMin: fourDigits(growthPerMin),
    halfWidthPerMin: fourDigits(halfWidthPerMin),
    growthPerOp: growthPerOp === null ? null : fourDigits(growthPerOp),
    growth: formatGrowthWithInterval(growthPerMin, halfWidthPerMin, unit),
    culprits: knownCulprits(metric, culprits),
  };
}

type Terms = Pick<KnownLeak, 'reason' | 'expires' | 'recorded'>;

/** On what terms a leak is tolerated: those that hold already, or new ones. */
function termsOf(earlier: KnownLeak | undefined, today: string, reason: string | null): Terms {
  const given = earlier === undefined || earlier.reason === NO_REASON ? null : earlier.reason;
  if (earlier !== undefined && earlier.expires >= today) {
    return { reason: given ?? reason ?? NO_REASON, expires: earlier.expires, recorded: today };
  }
  const expires = dayOf(new Date(Date.parse(today) + TOLERATED_DAYS * DAY_MS).toISOString());
  return { reason: reason ?? given ?? NO_REASON, expires, recorded: today };
}

/** More are noise, and a line of difference in each review. */
function fourDigits(value: number): number {
  return Number(value.toPrecision(4));
}

/** By scenario, then command; of one subject metrics keep the order of reports. */
function bySubject(a: KnownLeak, b: KnownLeak): number {
  return compareText(a.scenario, b.scenario) || compareText(a.command ?? '', b.command ?? '');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
