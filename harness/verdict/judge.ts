/**
 * The verdict on a run: each budgeted metric judged on the steady window, the worst of those that decide,
 * then what the run's service, its load and its recording say about that.
 */
import type { Manifest } from '../core/manifest.js';
import type { Recording } from '../core/recording.js';
import type { RunVerdict } from '../core/verdict.js';
import type { Warning } from '../core/warning.js';
import { withAttribution } from './attributed-classes.js';
import { ceilingFindings } from './ceiling.js';
import { classifyGrowth } from './classify.js';
import { deathFindings } from './death.js';
import { errorVerdict } from './error-verdict.js';
import { excursions } from './excursion.js';
import { judgeMetrics, worstDeciding } from './judge-metrics.js';
import { levelFindings } from './level-findings.js';
import { loadOf } from './load.js';
import { outageFindings } from './outage-findings.js';
import { outputFindings } from './output-findings.js';
import { runExitCode, runOutcome, tempered } from './run-outcome.js';
import { runWarnings } from './run-warnings.js';
import { serviceFindings } from './service-findings.js';
import { startFindings } from './start-findings.js';
import { judgedWindow } from './window.js';

/**
 * Judges a recorded run. `extraWarnings` are those that arose after the manifest was written (reading the
 * CSV); the manifest's own come first, and what judging finds is added where nobody said it yet.
 */
export function judge(
  manifest: Manifest,
  recording: Recording,
  extraWarnings: readonly Warning[] = [],
): RunVerdict {
  if (manifest.failure !== null) return errorVerdict(manifest, manifest.failure);
  const window = judgedWindow(recording);
  const { metrics, dropped } = judgeMetrics(manifest.plan, recording, window);
  const load = loadOf(manifest, recording);
  const found = [...runWarnings(manifest, recording, window, load), ...dropped];
  const warnings = withoutRepeats([...manifest.warnings, ...extraWarnings], found);
  const bySamples = tempered(worstDeciding(metrics), warnings);
  const findings = [
    ...ceilingFindings(manifest),
    ...deathFindings(manifest, recording, bySamples === 'fail'),
    ...serviceFindings(manifest, recording, load),
    ...startFindings(manifest),
    ...outageFindings(manifest, metrics),
    ...levelFindings(manifest, recording, window),
    ...outputFindings(manifest),
    ...excursions(recording, window),
  ];
  const verdict = runOutcome(manifest, bySamples, findings, warnings);
  return {
    schemaVersion: 1,
    scenario: manifest.scenario,
    fault: manifest.faults.length === 0 ? null : manifest.faults.join(','),
    target: manifest.target,
    verdict,
    exitCode: runExitCode(verdict, manifest.state === 'interrupted'),
    metrics,
    load,
    structures: manifest.structures ?? [],
    services: manifest.services,
    findings,
    classes: withAttribution(
      classifyGrowth(metrics, recording, window, manifest.target.kind === 'attached'),
      manifest,
    ),
    culprits: manifest.attribution?.culprits ?? [],
    knownLeaks: [],
    warnings,
    reproduce: manifest.reproduce,
  };
}

/** Given warnings and those of `found` whose id is not among them, so that nothing is said twice. */
function withoutRepeats(given: readonly Warning[], found: readonly Warning[]): Warning[] {
  return [...given, ...found.filter(({ id }) => !given.some((warning) => warning.id === id))];
}
