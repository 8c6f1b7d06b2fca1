import type { Comparison } from '../../harness/core/comparison.js';
import { dominantExitCode, type ExitCode } from '../../harness/core/exit-code.js';
import type { RunVerdict } from '../../harness/core/verdict.js';

/** What one scenario came to in a night. */
export type NightOutcome =
  /** Passed, and grew no faster than on the last good night. */
  | 'good'
  /** Outgrew a budget, or a finding failed it. */
  | 'failed'
  /** Within its budgets, but growing faster than on the last good night. */
  | 'regressed'
  /** Could not tell, or measured something that is not to be trusted. */
  | 'inconclusive'
  /** Could not be run. */
  | 'broken';

/** How a scenario's run stands beside the last good one. */
export type Beside =
  /** No good night yet, or none that this one could be compared with. */
  | { readonly state: 'no-baseline'; readonly why: string }
  | { readonly state: 'compared'; readonly comparison: Comparison };

/** One scenario of a night. */
export interface NightRow {
  readonly scenario: string;
  readonly outcome: NightOutcome;
  /** Null when the run printed none. */
  readonly verdict: RunVerdict | null;
  readonly beside: Beside;
  /** Nights in a row, this one included, on which the scenario could not tell. */
  readonly inconclusiveNights: number;
}

/** So many nights in a row without an answer are a failure of the job: nobody is guarding the server. */
export const MAX_INCONCLUSIVE_NIGHTS = 3;

/** What a run and its comparison with the last good night come to. */
export function nightOutcome(verdict: RunVerdict | null, beside: Beside): NightOutcome {
  switch (verdict?.verdict) {
    case 'fail':
      return 'failed';
    case 'inconclusive':
    case 'invalid':
      return 'inconclusive';
    case 'pass': {
      const worse =
        beside.state === 'compared' &&
        beside.comparison.state === 'compared' &&
        beside.comparison.outcome === 'regressed';
      return worse ? 'regressed' : 'good';
    }
    default:
      return 'broken';
  }
}

/** The exit code of one scenario in a night; one inconclusive night is none yet. */
const CODES: Readonly<Record<NightOutcome, ExitCode>> = {
  good: 0,
  failed: 1,
  regressed: 1,
  inconclusive: 0,
  broken: 3,
};

/**
 * The exit code of a night, as `leak-soak run` would say it for several: 3 when a scenario could not be run, 1 when
 * one failed or regressed, 2 when one has been inconclusive for three nights, else 0.
 */
export function nightExitCode(rows: readonly NightRow[]): ExitCode {
  return dominantExitCode(
    rows.map(({ outcome, inconclusiveNights }) =>
      inconclusiveNights >= MAX_INCONCLUSIVE_NIGHTS ? 2 : CODES[outcome],
    ),
  );
}

/**
 * What a leak is known by from night to night: the scenario and the metric that failed or regressed. A run that
 * failed on a finding alone has the finding's id instead. Empty for an outcome that names no leak.
 */
export function fingerprints({ scenario, outcome, verdict, beside }: NightRow): readonly string[] {
  if (outcome === 'regressed' && beside.state === 'compared' && beside.comparison.state === 'compared') {
    return beside.comparison.metrics
      .filter((metric) => metric.outcome === 'regressed' && metric.decides)
      .map(({ metric }) => `${scenario}/${metric}`);
  }
  if (outcome !== 'failed' || verdict === null) return [];
  const metrics = verdict.metrics.filter((metric) => metric.verdict === 'fail' && metric.decides);
  const findings = verdict.findings.filter(({ severity }) => severity === 'error');
  const found = metrics.length > 0 ? metrics.map(({ metric }) => metric) : findings.map(({ id }) => id);
  return [...new Set<string>(found)].map((name) => `${scenario}/${name}`);
}
