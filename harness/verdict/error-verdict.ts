import type { Manifest } from '../core/manifest.js';
import type { RunVerdict } from '../core/verdict.js';

/** The verdict of a run that could not be carried out: no metric is judged, and the exit code is 3. */
export function errorVerdict(manifest: Manifest, message: string): RunVerdict {
  return {
    schemaVersion: 1,
    scenario: manifest.scenario,
    fault: manifest.faults.length === 0 ? null : manifest.faults.join(','),
    target: manifest.target,
    verdict: 'error',
    exitCode: 3,
    metrics: [],
    load: manifest.load,
    structures: manifest.structures ?? [],
    services: manifest.services,
    findings: [{ id: 'could-not-run', severity: 'error', message }],
    classes: [],
    culprits: [],
    knownLeaks: [],
    warnings: manifest.warnings,
    reproduce: manifest.reproduce,
  };
}
