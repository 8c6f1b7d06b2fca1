import type { RunVerdict } from '../harness/core/verdict.js';

/** Why a run has its verdict, in one sentence: the metric, finding or warning that decided it. */
export function verdictWhy(verdict: RunVerdict): string {
  const metricThat = (outcome: string): string | undefined =>
    verdict.metrics.find((metric) => metric.decides && metric.verdict === outcome)?.reason;
  const error = verdict.findings.find(({ severity }) => severity === 'error')?.message;
  switch (verdict.verdict) {
    case 'pass':
      return knownWhy(verdict) ?? metricThat('pass') ?? 'every metric that decides stayed within its budget';
    case 'fail':
      return metricThat('fail') ?? error ?? 'the target fell short';
    case 'error':
      return error ?? 'the run could not be completed: see the warnings and target.log';
    case 'invalid':
      return (
        verdict.warnings.find(({ id }) => id === 'generator-fell-short')?.message ??
        'the measurement cannot be trusted'
      );
    case 'inconclusive':
      return (
        metricThat('inconclusive') ??
        verdict.warnings.find(({ concerns }) => concerns !== 'note')?.message ??
        'no metric that decides was read: run longer, or name one with --max-growth'
      );
  }
}

/** That a pass is one beside known leaks; null without any. */
function knownWhy({ knownLeaks }: RunVerdict): string | null {
  const known = knownLeaks.filter(({ state }) => state === 'known').map(({ metric }) => metric);
  if (known.length === 0) return null;
  return `what leaks is known (${known.join(', ')}), and everything else that decides stayed within its budget`;
}
