import type { BenchOptions } from '../arguments.js';
import { assessTrace } from '../engine.js';
import { type FamilyName, generateTrace } from '../generate.js';
import { formatTable } from '../table.js';

const SIZES = [300, 3600, 172_800] as const;
const FAMILIES: readonly FamilyName[] = ['noise', 'gc_saw', 'warmup_exp', 'diurnal'];

/** Milliseconds per verdict (median, and the slowest tenth) and the memory of this process. */
export function studyCost({ seeds }: BenchOptions): string {
  const rows = SIZES.map((samples) => {
    const times = seeds.flatMap((seed) => FAMILIES.map((family) => timeOne(family, samples, seed)));
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
    const rss = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
    return [String(samples), at(0.5), at(0.9), `${rss} MiB`];
  });
  return formatTable([['samples', 'median ms', '90 % ms', 'process RSS'], ...rows]);
}

function timeOne(family: FamilyName, samples: number, seed: number): number {
  const trace = generateTrace({ family, durationSec: samples, seed, leak: seed % 2 === 0 });
  const start = performance.now();
  assessTrace(trace);
  return performance.now() - start;
}
