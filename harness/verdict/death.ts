import type { Finding } from '../core/finding.js';
import type { Manifest, TargetExit } from '../core/manifest.js';
import type { MetricName } from '../core/metric.js';
import type { Recording } from '../core/recording.js';
import type { TargetInfo } from '../core/target-info.js';
import { formatBytes } from '../core/units.js';
import { metricLevels } from './readings.js';
import { judgedWindow } from './window.js';

/** Metrics whose rise before a memory limit struck says that growth, not a small machine, was the cause. */
const GROWTH_WITNESSES: readonly MetricName[] = ['live-heap', 'heap-used', 'rss'];

/** A last reading this much above the first counts as growth before the end. */
const GROWN_BY = 1.1;

/**
 * How the target's process ended, when that says something: it went away unasked, or it had to be killed.
 * `died-of-growth` when the samples up to then already fail, or a memory limit ended it after growth.
 */
export function deathFindings(manifest: Manifest, recording: Recording, samplesFail: boolean): Finding[] {
  const exit = manifest.targetExit;
  if (exit === null) return [];
  if (exit.expected) return exit.killed ? [IGNORED_SIGTERM] : [];
  const growth = exit.memoryLimit ? growthBeforeEnd(recording) : null;
  const last = exit.lastLines.at(-1);
  const how = `${describeExit(exit, manifest.target.kind)}${last === undefined ? '' : `; its last line: ${last}`}`;
  if (growth !== null) {
    return [error('died-of-growth', `a memory limit ended the target after ${growth}: ${how}`)];
  }
  if (samplesFail) {
    return [error('died-of-growth', `the target went away after growing beyond its budget: ${how}`)];
  }
  const next = manifest.target.kind === 'attached' ? '' : '; read target.log';
  return [error('target-died', `the target went away during the run: ${how}${next}`)];
}

function error(id: Finding['id'], message: string): Finding {
  return { id, severity: 'error', message };
}

const IGNORED_SIGTERM: Finding = {
  id: 'target-ignored-sigterm',
  severity: 'warning',
  message: 'the target did not end on SIGTERM and was killed; a supervisor would have to do the same',
};

function describeExit(exit: TargetExit, kind: TargetInfo['kind']): string {
  if (kind === 'attached') return 'why, its parent was told';
  if (exit.signal !== null) return `ended by ${exit.signal}`;
  return exit.code === null ? 'it was never launched' : `exit code ${exit.code}`;
}

/** The clearest rise over the whole recording in words; null when nothing rose. */
function growthBeforeEnd(recording: Recording): string | null {
  for (const metric of GROWTH_WITNESSES) {
    const levels = metricLevels(recording, metric, judgedWindow(recording));
    const { baseline, finalIncrease } = levels ?? {};
    if (baseline == null || finalIncrease == null || baseline + finalIncrease < GROWN_BY * baseline) continue;
    return `${metric} grew from ${formatBytes(baseline)} to ${formatBytes(baseline + finalIncrease)}`;
  }
  return null;
}
