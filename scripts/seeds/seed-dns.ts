import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { CountingPlan } from '../../harness/load/plan.js';
import { FLOOD, startLoadedNode } from '../node/loaded-node.js';

/** A leg of the benchmark: a node with or without the leak, under load. */
export interface Leg {
  readonly variant: 'before' | 'after';
  /** Memory of the process in MiB: idle, at the end, and the most while the second half ran. */
  readonly idleMib: number;
  readonly endMib: number;
  readonly mostMib: number;
  /** Growth over the second half of the load. */
  readonly mibPerMin: number;
  /** Operations per second that were answered, or connections offered, and all together. */
  readonly perSec: number;
  readonly total: number;
  readonly wrong: number;
  /** Of look-ups of names in the cache, after the load; null where none were asked. */
  readonly cachedP50Ms: number | null;
  /** Open descriptors at the end of the load. */
  readonly descriptors: number;
}

const MIB = 2 ** 20;
const SAMPLE_MS = 250;
const HOT: CountingPlan = {
  ...FLOOD,
  ratePerSec: 2000,
  questions: { kind: 'zipf', count: 500, exponent: 1 },
};
const HOT_SECONDS = 4;

/** New names at a rate, with the seed's default limit on the cache; before is `--fault dns-cache-names`. */
export async function cacheLeg(
  variant: Leg['variant'],
  ratePerSec: number,
  seconds: number,
  limitMb: number,
): Promise<Leg> {
  const args = variant === 'before' ? ['--fault', 'dns-cache-names'] : [];
  const plan: CountingPlan = { ...FLOOD, ratePerSec };
  return measure(variant, [`cache_max_memory_mb = ${limitMb}`], args, plan, seconds, true);
}

/** Connections that say nothing; before is `--fault dns-tcp-queue`. */
export async function tcpLeg(variant: Leg['variant'], ratePerSec: number, seconds: number): Promise<Leg> {
  const args = variant === 'before' ? ['--fault', 'dns-tcp-queue'] : [];
  const { zone, seed, timeoutMs } = FLOOD;
  const plan: CountingPlan = {
    kind: 'tcp-storm',
    ratePerSec,
    modes: { silent: 1 },
    maxConnections: 20_000,
    holdMs: 600_000,
    timeoutMs,
    zone,
    seed,
    upstream: null,
  };
  return measure(variant, ['tcp_queue_size = 100'], args, plan, seconds, false);
}

async function measure(
  variant: Leg['variant'],
  dns: readonly string[],
  args: readonly string[],
  plan: CountingPlan,
  seconds: number,
  asksCached: boolean,
): Promise<Leg> {
  const { node, run, close } = await startLoadedNode(dns, { args });
  try {
    await delay(1000);
    const idleMib = rssMib(node.pid);
    const samples: { readonly atMs: number; readonly mib: number }[] = [];
    let descriptors = 0;
    const startMs = performance.now();
    const timer = setInterval(() => {
      const atMs = performance.now() - startMs;
      if (atMs > seconds * 1000) return;
      samples.push({ atMs, mib: rssMib(node.pid) });
      descriptors = readdirSync(`/proc/${node.pid}/fd`).length;
    }, SAMPLE_MS);
    const summary = await run(plan, seconds);
    clearInterval(timer);
    const half = samples.filter(({ atMs }) => atMs > seconds * 500);
    const hot = asksCached ? await run(HOT, HOT_SECONDS) : null;
    const done = plan.kind === 'tcp-storm' ? summary.offered : summary.answered;
    return {
      variant,
      idleMib,
      endMib: samples.at(-1)?.mib ?? Number.NaN,
      mostMib: Math.max(...half.map(({ mib }) => mib)),
      mibPerMin: slopePerMs(half) * 60_000,
      perSec: done / seconds,
      total: done,
      wrong: summary.wrong + (hot?.wrong ?? 0),
      cachedP50Ms: hot?.latencyMs.p50 ?? null,
      descriptors,
    };
  } finally {
    await close();
  }
}

/** Least squares; the seed's figures are straight lines through everything, warm-up and all. */
function slopePerMs(samples: readonly { readonly atMs: number; readonly mib: number }[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(({ atMs }) => atMs)), mean(samples.map(({ mib }) => mib))];
  const covariance = samples.reduce((sum, { atMs, mib }) => sum + (atMs - x) * (mib - y), 0);
  return covariance / samples.reduce((sum, { atMs }) => sum + (atMs - x) ** 2, 0);
}

function rssMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kib) * 1024) / MIB;
}
