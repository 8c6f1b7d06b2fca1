import type { Finding } from '../core/finding.js';
import type { Manifest, TargetExit } from '../core/manifest.js';
import type { MetricName } from '../core/metric.js';
import type { Recording } from '../core/recording.js';
import { formatBytes } from '../core/units.js';
import { metricSeries } from './readings.js';
import { wholeRun } from './window.js';

/**
 * Metrics whose rise before a memory limit struck says that growth, not a small machine, was the cause: of a
 * limit that the process itself tells of, and of the kernel's, which counts resident memory alone.
 */
const OWN_LIMIT_WITNESSES: readonly MetricName[] = ['live-heap', 'heap-used', 'rss'];
const KERNEL_LIMIT_WITNESSES: readonly MetricName[] = ['rss'];

/** A last reading this much above the first counts as growth before the end. */
const GROWN_BY = 1.1;

/** The highest of so many is the level before the end: a dying process reads lower once it has begun to let go. */
const LAST_READINGS = 3;

/**
 * How the target's process ended, when that says something: it went away unasked, or it had to be killed.
 * `died-of-growth` when the samples up to then already fail, or a memory limit ended it after growth.
 */
export function deathFindings(manifest: Manifest, recording: Recording, samplesFail: boolean): Finding[] {
  const exit = manifest.targetExit;
  if (exit === null) return [];
  if (exit.expected) return exit.killed ? [IGNORED_SIGTERM] : [];
  const witnesses = exit.memoryLimit === null ? KERNEL_LIMIT_WITNESSES : OWN_LIMIT_WITNESSES;
  const growth = growthBeforeEnd(recording, witnesses);
  const limit = memoryLimit(exit);
  const how = `${describeExit(exit)}${quoted(exit.lastLines)}`;
  if (growth !== null && limit !== null) {
    return [error('died-of-growth', `a memory limit ended the target after ${growth} (${limit}): ${how}`)];
  }
  if (samplesFail) {
    return [error('died-of-growth', `the target went away after growing beyond its budget: ${how}`)];
  }
  if (exit.servedBy !== null && exit.code !== 0) {
    const message = `the target ended during the run and process ${exit.servedBy} was started in its place, which hides what it had grown by: ${how}`;
    return [error('target-restarted', message)];
  }
  const why = limit === null ? possibleCause(exit, growth) : ` (${limit})`;
  return [error('target-died', `the target went away during the run${why}: ${how}`)];
}

function error(id: Finding['id'], message: string): Finding {
  return { id, severity: 'error', message };
}

const IGNORED_SIGTERM: Finding = {
  id: 'target-ignored-sigterm',
  severity: 'warning',
  message: 'the target did not end on SIGTERM and was killed; a supervisor would have to do the same',
};

/** What says that a memory limit ended it; the kernel's OOM killer sends SIGKILL, and of some ends we see no signal. */
function memoryLimit({ memoryLimit, oomKill, code, signal }: TargetExit): string | null {
  if (memoryLimit !== null) return memoryLimit;
  const mayBeKilled = signal === 'SIGKILL' || (signal === null && code === null);
  return oomKill === true && mayBeKilled ? "the kernel's OOM killer struck meanwhile: see dmesg" : null;
}

function possibleCause({ signal, oomKill }: TargetExit, growth: string | null): string {
  if (signal !== 'SIGKILL' || oomKill !== null || growth === null) return '';
  return ` (after ${growth}; killed by SIGKILL, perhaps by the kernel's OOM killer: see dmesg)`;
}

function describeExit({ code, signal, zombie, servedBy }: TargetExit): string {
  const end = signal === null ? (code === null ? null : `exit code ${code}`) : `ended by ${signal}`;
  const left = zombie ? ', left a zombie because its parent does not wait for it' : '';
  if (code === 0 && servedBy !== null) {
    return `${end} while process ${servedBy} serves on in the background: keep the server in the foreground`;
  }
  return `${end ?? 'how it ended is known to its parent alone'}${left}`;
}

/** The last lines of its log, each on a line of its own. */
function quoted(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `; its last lines (target.log):\n  ${lines.join('\n  ')}`;
}

/** The clearest rise over the whole recording in words; null when nothing rose. */
function growthBeforeEnd(recording: Recording, witnesses: readonly MetricName[]): string | null {
  for (const metric of witnesses) {
    const { values } = metricSeries(recording, metric, wholeRun(recording));
    const first = values[0];
    if (first === undefined) continue;
    const last = Math.max(...values.slice(-LAST_READINGS));
    if (last >= GROWN_BY * first) return `${metric} grew from ${formatBytes(first)} to ${formatBytes(last)}`;
  }
  return null;
}
