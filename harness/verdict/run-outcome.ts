import { dominantExitCode, type ExitCode } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import type { Manifest } from '../core/manifest.js';
import type { MetricOutcome, RunOutcome } from '../core/verdict.js';
import type { Warning } from '../core/warning.js';

const EXIT_CODES: Readonly<Record<RunOutcome, ExitCode>> = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  invalid: 2,
  error: 3,
};

/** The exit code of a run with this outcome; one that was cut short says so. */
export function runExitCode(outcome: RunOutcome, isInterrupted: boolean): ExitCode {
  return dominantExitCode([EXIT_CODES[outcome], ...(isInterrupted ? [130 as const] : [])]);
}

/** Warnings only lower certainty: of a fail when the readings or their growth are in doubt, of a pass unless only growth is. */
export function tempered(outcome: MetricOutcome, warnings: readonly Warning[]): MetricOutcome {
  const doubted = warnings.some(({ concerns }) =>
    outcome === 'fail'
      ? concerns === 'reading' || concerns === 'growth'
      : concerns === 'reading' || concerns === 'coverage',
  );
  return doubted ? 'inconclusive' : outcome;
}

/** In the order of meaning: it could not be run, the target fell short, the load was not as promised, the samples. */
export function runOutcome(
  { state }: Pick<Manifest, 'state'>,
  bySamples: MetricOutcome,
  findings: readonly Finding[],
  warnings: readonly Warning[],
): RunOutcome {
  const died = findings.some(({ id }) => id === 'target-died' || id === 'target-restarted');
  const diedOfGrowth = findings.some(({ id }) => id === 'died-of-growth');
  if (died || (state === 'failed' && !diedOfGrowth)) return 'error';
  if (bySamples === 'fail' || findings.some(({ severity }) => severity === 'error')) return 'fail';
  return warnings.some(({ id }) => id === 'generator-fell-short') ? 'invalid' : bySamples;
}
