import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadSummary } from '../../harness/core/load-counters.js';
import { launchLoad } from '../../harness/load/client.js';
import type { DnsUdpFloodPlan } from '../../harness/load/plan.js';
import type { Round } from './dnsperf.js';
import { ADDRESS, ZONE } from './unbound.js';

/** What our driver reached, with what it says of itself. */
export interface OwnRound extends Round {
  readonly summary: LoadSummary;
  /** Resident memory of the load process in bytes: a second after the start, and at the end. */
  readonly rssBytes: readonly [number, number];
  /**
   * Share of the time that the thread of it which waited longest was ready to run and had no core, 0 to 1: what a
   * machine that is not quiet adds to every schedule error. NaN where the kernel does not count it.
   */
  readonly waitedShare: number;
}

/** The plan of a flood on the server of this benchmark; every answer is checked down to its address. */
export function floodOf(changes: Partial<DnsUdpFloodPlan>): DnsUdpFloodPlan {
  return {
    kind: 'dns-udp-flood',
    ratePerSec: 1,
    zone: ZONE,
    seed: 1,
    timeoutMs: 2000,
    acceptedRcodes: ['NOERROR'],
    answers: { address: ADDRESS },
    upstream: { zones: [ZONE], ttlSec: 60, latencyMs: 0, loss: 0, silent: true },
    ...changes,
  };
}

/** One round of our driver, in the load process that a run would use. */
export async function runOwn(
  plan: Parameters<typeof launchLoad>[0]['plan'],
  addresses: Readonly<Record<string, string>>,
  seconds: number,
): Promise<OwnRound> {
  const logFd = openSync('/dev/null', 'a');
  const load = launchLoad({ plan, reportEveryMs: 1000, env: { PATH: process.env.PATH }, logFd });
  try {
    await load.prepare();
    await load.connect(addresses);
    const startMs = performance.now();
    load.start();
    const settleSec = Math.min(1, seconds / 2);
    await delay(settleSec * 1000);
    const rssAtStart = rssOf(load.pid);
    const waitsAtStart = coreWaitsMs(load.pid);
    const waitsSinceMs = performance.now();
    await delay((seconds - settleSec) * 1000);
    const rssAtEnd = rssOf(load.pid);
    const waits = [...coreWaitsMs(load.pid)].map(([id, ms]) => ms - (waitsAtStart.get(id) ?? 0));
    const waitedShare = Math.max(...waits) / (performance.now() - waitsSinceMs);
    const summary = await load.stop();
    if (summary === null) throw new Error('this load counts what it does');
    const elapsedSec = (performance.now() - startMs) / 1000;
    return {
      answeredPerSec: summary.answered / elapsedSec,
      cpuMicrosPerQuery: ((summary.generator?.cpuMs ?? Number.NaN) * 1000) / summary.answered,
      summary,
      rssBytes: [rssAtStart, rssAtEnd],
      waitedShare,
    };
  } finally {
    await load.close();
    closeSync(logFd);
  }
}

function rssOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) * 1024;
}

/** How long each thread of a process has waited for a core (`run_delay`, Documentation/scheduler/sched-stats.rst). */
function coreWaitsMs(pid: number): ReadonlyMap<string, number> {
  const folder = `/proc/${pid}/task`;
  return new Map(
    readdirSync(folder).map((id) => {
      const waitedNs = Number(readFileSync(`${folder}/${id}/schedstat`, 'latin1').split(' ')[1]);
      return [id, waitedNs / 1e6] as const;
    }),
  );
}
