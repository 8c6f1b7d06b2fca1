import type { BenchOptions } from '../arguments.js';
import { assessTrace } from '../engine.js';
import { type FamilyName, generateTrace, type Trace } from '../generate.js';
import { formatTable } from '../table.js';

const SIZES = [300, 3600, 172_800] as const;
const FAMILIES: readonly FamilyName[] = ['noise', 'gc_saw', 'warmup_exp', 'diurnal'];

/**
 * Milliseconds per verdict (median, and the slowest tenth) and the memory of this process. Each recording is judged
 * as often as seeds are asked for: making one costs more memory than judging it.
 */
export function studyCost({ seeds }: BenchOptions): string {
  const rows = SIZES.map((samples) => {
    const times = FAMILIES.flatMap((family, i) => {
      const trace = generateTrace({ family, durationSec: samples, seed: seeds[0] ?? 0, leak: i % 2 === 0 });
      return seeds.map(() => timeOne(trace));
    });
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
    const rss = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
    return [String(samples), at(0.5), at(0.9), `${rss} MiB`];
  });
  return formatTable([['samples', 'median ms', '90 % ms', 'process RSS'], ...rows]);
}

function timeOne(trace: Trace): number {
  const start = performance.now();
  assessTrace(trace);
  return performance.now() - start;
}
