import type { Finding } from '../core/finding.js';
import type { Manifest } from '../core/manifest.js';
import type { Outage, ServiceRecord } from '../core/service-record.js';
import { formatDuration } from '../core/units.js';
import type { MetricVerdict } from '../core/verdict.js';

/** What a client calls each service; others are called by their names. */
const NAMES: Readonly<Record<string, string>> = { dns: 'UDP', 'dns-tcp': 'TCP', doh: 'HTTPS' };

/** A target that was asked for more than it can serve is back to normal within this time. */
const MAX_RECOVERY_MS = 2_000;

/**
 * What the questions asked once a second beside the load say of the target's service. Where the scenario means to
 * ask for more than can be served, only what comes after the load counts.
 */
export function outageFindings(manifest: Manifest, metrics: readonly MetricVerdict[]): Finding[] {
  const loadEndMs = manifest.plan.overload ? lastSteadyEndMs(manifest) : null;
  return manifest.services.flatMap((record) => {
    const found =
      loadEndMs === null ? duringLoad(record, metrics) : afterOverload(record, loadEndMs, manifest);
    return found ?? [];
  });
}

/** The worst of a service's outages: the one that did not end, else the longest. */
function duringLoad(record: ServiceRecord, metrics: readonly MetricVerdict[]): Finding | null {
  const name = NAMES[record.service] ?? record.service;
  const last = record.outages.at(-1);
  if (last === undefined) return null;
  if (last.toMs === null) {
    const message = `service stopped answering on ${name} at ${at(last.fromMs)}${memoryMeanwhile(metrics)} (${last.message})`;
    return { id: 'service-stopped', severity: 'error', message };
  }
  const longest = record.outages.reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one));
  const times = record.outages.length === 1 ? '' : ` (and ${record.outages.length - 1} times more)`;
  const message = `service on ${name} was interrupted for ${formatDuration(lengthOf(longest))} at ${at(longest.fromMs)}${times}: ${longest.message}`;
  return { id: 'service-interrupted', severity: 'error', message };
}

function afterOverload(record: ServiceRecord, loadEndMs: number, manifest: Manifest): Finding | null {
  const name = NAMES[record.service] ?? record.service;
  const late = record.outages.find(({ toMs }) => toMs === null || toMs > loadEndMs + MAX_RECOVERY_MS);
  if (late === undefined) return null;
  if (late.toMs !== null) {
    const message = `answers on ${name} came ${formatDuration(late.toMs - loadEndMs)} late after recovery: ${late.message}`;
    return { id: 'late-recovery', severity: 'error', message };
  }
  const endMs = manifest.phases.at(-1)?.endMs ?? loadEndMs;
  if (endMs - loadEndMs <= MAX_RECOVERY_MS) return null;
  const message = `no answer on ${name} within ${formatDuration(endMs - loadEndMs)} after recovery: ${late.message}`;
  return { id: 'late-recovery', severity: 'error', message };
}

function lengthOf({ fromMs, toMs }: Outage): number {
  return (toMs ?? fromMs) - fromMs;
}

function at(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

/** A service that stops while memory is flat is the failure that no memory curve shows: worth saying. */
function memoryMeanwhile(metrics: readonly MetricVerdict[]): string {
  const memory = metrics.find(({ metric }) => metric === 'live-heap');
  if (memory?.verdict === 'pass') return ' while memory stayed flat';
  return memory?.verdict === 'fail' ? ' while memory grew' : '';
}

/** The end of the last stretch of load; null when there was none. */
function lastSteadyEndMs({ phases }: Manifest): number | null {
  return phases.findLast(({ phase }) => phase === 'steady')?.endMs ?? null;
}
