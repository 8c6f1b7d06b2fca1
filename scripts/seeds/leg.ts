import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DriverPlan } from '../../harness/load/plan.js';
import type { LoadedNode } from '../node/loaded-node.js';

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
  /** Entries of the structure that was asked for, at the end of the load; null where none was. */
  readonly entries: number | null;
}

/** The node with the leak, or the fixed one. */
export type Variant = 'before' | 'after';

export const MIB = 2 ** 20;
const SAMPLE_MS = 250;
const HOT_SECONDS = 4;

/**
 * Measures a node under a load, and stops it. `fill` brings its bounded structures to their limits first; `hot` are
 * look-ups of names in the cache, asked when the load is over.
 */
export async function measureLeg(
  loaded: LoadedNode,
  plan: DriverPlan,
  seconds: number,
  fill: ((loaded: LoadedNode) => Promise<void>) | null,
  hot: DriverPlan | null,
  structure: string | null = null,
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
    const held = structure === null ? null : await node.structure(structure);
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
      entries: held?.entries ?? null,
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
