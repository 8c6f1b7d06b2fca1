import type { DriverPlan } from '../../harness/load/plan.js';
import { FLOOD, type LoadedNode, startLoadedNode } from '../node/loaded-node.js';
import { type Leg, MIB, measureLeg, type Variant } from './leg.js';

const HOT: DriverPlan = {
  ...FLOOD,
  ratePerSec: 2000,
  questions: { kind: 'zipf', count: 500, exponent: 1 },
};
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
  return measureLeg(loaded, plan, seconds, variant === 'after' ? fill : null, HOT);
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
  return measureLeg(await startLoadedNode([], { args }), plan, seconds, null, null);
}
