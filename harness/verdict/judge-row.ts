import type { FaultSign, MatrixRow, RowResult } from '../core/matrix.js';
import type { RunVerdict } from '../core/verdict.js';

/**
 * Whether a run shows what its row declares: the fixed node passes, and a fault fails on the metric or finding that its
 * catalogue names, with the holder that it declares as the first culprit. Another reason to fail is not enough, for it
 * may have nothing to do with the fault.
 */
export function judgeRow(
  { fault }: MatrixRow,
  verdict: RunVerdict,
): Pick<RowResult, 'asDeclared' | 'message'> {
  const cannotTell = verdict.verdict === 'inconclusive' || verdict.verdict === 'invalid';
  if (fault === null) {
    if (verdict.verdict === 'pass') return { asDeclared: true, message: 'passes' };
    return { asDeclared: cannotTell ? null : false, message: reasonOf(verdict) };
  }
  const sign = fault.finding === null ? failedMetric(verdict, fault.metric) : shown(verdict, fault.finding);
  if (verdict.verdict === 'fail' && sign !== null) {
    const misnamed = misnamedHolder(verdict, fault.retainer);
    return misnamed === null
      ? { asDeclared: true, message: sign }
      : { asDeclared: false, message: `${misnamed}; ${sign}` };
  }
  const missing = fault.finding ?? fault.metric;
  return {
    asDeclared: cannotTell || undecided(verdict, fault) ? null : false,
    message: `${missing} does not show it: ${reasonOf(verdict)}`,
  };
}

/** What is wrong with the first culprit; null when it is held by the class and property that were declared. */
function misnamedHolder({ culprits }: RunVerdict, retainer: string | null): string | null {
  if (retainer === null) return null;
  const [first] = culprits;
  if (first === undefined) return `${retainer} is not named: there is no culprit`;
  const holders = first.path.map(({ name }, i) => `${first.path[i - 1]?.className ?? ''}.${name}`);
  return holders.includes(retainer)
    ? null
    : `${retainer} is not named: the first culprit is ${holders.at(-1)}`;
}

/** A run may fail for a second reason while the declared metric itself could not tell. */
function undecided({ verdict, metrics }: RunVerdict, { metric, finding }: FaultSign): boolean {
  const declared = finding === null ? metrics.find((each) => each.metric === metric) : undefined;
  return verdict === 'fail' && declared?.verdict === 'inconclusive';
}

function failedMetric({ metrics }: RunVerdict, name: string): string | null {
  return (
    metrics.find(({ metric, verdict, decides }) => metric === name && verdict === 'fail' && decides)
      ?.reason ?? null
  );
}

/** A target that has died of its growth serves nobody either: where it dies at once, nobody saw it stop. */
function shown(verdict: RunVerdict, finding: string): string | null {
  const death = finding === 'service-stopped' ? found(verdict, 'died-of-growth') : null;
  return found(verdict, finding) ?? death;
}

function found({ findings }: RunVerdict, id: string): string | null {
  const finding = findings.find((each) => each.id === id && each.severity === 'error');
  return finding === undefined ? null : `${finding.id}: ${finding.message}`;
}

/** What a verdict rests on, the worst first. */
function reasonOf({ verdict, metrics, findings, warnings }: RunVerdict): string {
  const [error] = findings.filter(({ severity }) => severity === 'error');
  if (error !== undefined) return error.message;
  const [worst] = metrics.filter((metric) => metric.decides && metric.verdict === verdict);
  const doubt = warnings.find(({ concerns }) => concerns !== 'note');
  return worst?.reason ?? doubt?.message ?? `the verdict is ${verdict}`;
}
