/**
 * What a team's baseline makes of a verdict. It is applied to the verdict as `judge` gave it, which knows nothing of
 * it: a leak that is known loses its say, everything else decides as before.
 */
import type { LeakBaseline } from '../../core/leak-baseline.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { advisedBy } from '../attributed-classes.js';
import { worstDeciding } from '../judge-metrics.js';
import { runExitCode, runOutcome, tempered } from '../run-outcome.js';
import { acceptedCulprits } from './known-culprits.js';
import { type Encounter, meetLeak } from './meet.js';
import { isSameSubject, leakSubject } from './subject.js';

/** The day of an ISO time, UTC. */
export function dayOf(isoTime: string): string {
  return isoTime.slice(0, 10);
}

/**
 * A run's verdict beside a baseline, whose dates are compared with the day on which the run began, so that it is
 * judged alike whenever that is done. A run that did not fail keeps its verdict.
 */
export function applyBaseline(verdict: RunVerdict, baseline: LeakBaseline, startedAt: string): RunVerdict {
  const { metrics, findings, warnings, culprits, classes } = verdict;
  const encounter: Encounter = {
    culprits,
    day: dayOf(startedAt),
    isSound: isSound(verdict),
  };
  const subject = leakSubject(verdict.scenario, verdict.target);
  const knownLeaks = baseline.knownLeaks
    .filter((leak) => isSameSubject(leak, subject))
    .flatMap((leak) => {
      const now = metrics.find(({ metric }) => metric === leak.metric);
      return meetLeak(leak, now, encounter) ?? [];
    });
  const isKnown = ({ metric }: Pick<MetricVerdict, 'metric'>): boolean =>
    knownLeaks.some((leak) => leak.metric === metric && leak.state === 'known');
  const accepted = acceptedCulprits(knownLeaks);
  const met = {
    ...verdict,
    knownLeaks,
    classes: advisedBy(
      culprits.filter(({ fingerprint }) => !accepted.has(fingerprint)),
      classes.filter((one) => !one.metrics.every((metric) => isKnown({ metric }))),
    ),
  };
  if (verdict.verdict !== 'fail' || !metrics.some(isKnown)) return met;
  const bySamples = tempered(worstDeciding(withoutKnown(metrics, isKnown)), warnings);
  const outcome = runOutcome({ state: 'finished' }, bySamples, findings, warnings);
  return {
    ...met,
    verdict: outcome,
    exitCode: runExitCode(outcome, verdict.exitCode === 130),
    metrics: metrics.map((one) => (isKnown(one) ? { ...one, decides: false } : one)),
  };
}

/** The metrics with each known leak taken for a pass: that it leaks is nothing new. */
export function withoutKnown(
  metrics: readonly MetricVerdict[],
  isKnown: (metric: MetricVerdict) => boolean,
): readonly MetricVerdict[] {
  return metrics.map((one) =>
    one.decides && one.verdict === 'fail' && isKnown(one) ? { ...one, verdict: 'pass' } : one,
  );
}

/** Whether the target was measured while it served: else even a leak stands still. */
function isSound({ verdict, findings }: RunVerdict): boolean {
  return (verdict === 'pass' || verdict === 'fail') && !findings.some(({ severity }) => severity === 'error');
}
