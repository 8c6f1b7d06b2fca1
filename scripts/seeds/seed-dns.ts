import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DriverPlan } from '../../harness/load/plan.js';
import { FLOOD, type LoadedNode, startLoadedNode } from '../node/loaded-node.js';

/** A leg of the benchmark: a node with or without the leak, under load. */
export interface Leg {
  /** Memory of the process in MiB: idle, at the end, and the most while it was measured. */
  readonly idleMib: number;
  readonly endMib: number;
  readonly mostMib: number;
  /** Growth while it was measured. */
  readonly mibPerMin: number;
  /** Queries answered (or connections opened) per second, and all together. */
  readonly perSec: number;
  readonly total: number;
  readonly wrong: number;
  /** Of look-ups of names in the cache, after the load; null where none were asked. */
  readonly cachedP50Ms: number | null;
  /** Open descriptors at the end of the load. */
  readonly descriptors: number;
}

/** The node with the leak, or the fixed one. */
export type Variant = 'before' | 'after';

const MIB = 2 ** 20;
const SAMPLE_MS = 250;
const HOT: DriverPlan = {
  ...FLOOD,
  ratePerSec: 2000,
  questions: { kind: 'zipf', count: 500, exponent: 1 },
};
const HOT_SECONDS = 4;
const FILL_SECONDS = 5;
/** Beyond it a machine is too slow to fill the cache, and what is measured is what it came to. */
const MAX_FILLS = 40;

/**
 * New names at a rate; the leak is `dns-cache-names`. The fixed node's cache is filled first: until then it grows as it
 * should.
 */
export async function cacheLeg(
  variant: Variant,
  ratePerSec: number,
  seconds: number,
  limitMb: number,
): Promise<Leg> {
  const plan = { ...FLOOD, ratePerSec };
  const fill = async ({ node, run }: LoadedNode): Promise<void> => {
    let parts = MAX_FILLS;
    for (let part = 1; part <= parts; part += 1) {
      await run({ ...plan, seed: 100 + part }, FILL_SECONDS);
      const cache = await node.structure('dns-cache');
      // As long again: V8's heap comes to its size some time after the cache.
      if ((cache?.bytes ?? 0) > 0.99 * limitMb * MIB) parts = Math.min(parts, 2 * part);
    }
  };
  const args = variant === 'before' ? ['--fault', 'dns-cache-names'] : [];
  const loaded = await startLoadedNode([`cache_max_memory_mb = ${limitMb}`], { args });
  return measure(loaded, plan, seconds, variant === 'after' ? fill : null, HOT);
}

/** Connections that say nothing; the leak is `dns-tcp-queue`. */
export async function tcpLeg(variant: Variant, ratePerSec: number, seconds: number): Promise<Leg> {
  const { zone, seed, timeoutMs } = FLOOD;
  const plan: DriverPlan = {
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
  const args = variant === 'before' ? ['--fault', 'dns-tcp-queue'] : [];
  return measure(await startLoadedNode([], { args }), plan, seconds, null, null);
}

async function measure(
  loaded: LoadedNode,
  plan: DriverPlan,
  seconds: number,
  fill: ((loaded: LoadedNode) => Promise<void>) | null,
  hot: DriverPlan | null,
): Promise<Leg> {
  const { node, run, close } = loaded;
  try {
    await delay(1000);
    const idleMib = rssMib(node.pid);
    await fill?.(loaded);
    const samples: Sample[] = [];
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
    const cached = hot === null ? null : await run(hot, HOT_SECONDS);
    const done = plan.kind === 'tcp-storm' ? summary.offered : summary.answered;
    return {
      idleMib,
      endMib: samples.at(-1)?.mib ?? Number.NaN,
      mostMib: Math.max(...samples.map(({ mib }) => mib)),
      mibPerMin: slopePerMs(samples) * 60_000,
      perSec: done / seconds,
      total: done,
      wrong: summary.wrong + (cached?.wrong ?? 0),
      cachedP50Ms: cached?.latencyMs.p50 ?? null,
      descriptors,
    };
  } finally {
    await close();
  }
}

interface Sample {
  readonly atMs: number;
  readonly mib: number;
}

/** Least squares: as good as any for a figure beside a seed's, which is two readings and a clock. */
function slopePerMs(samples: readonly Sample[]): number {
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
