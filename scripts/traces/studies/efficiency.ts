import { assessGrowth } from '../../../harness/stats/assess.js';
import { slopeErrorPerMin } from '../../../harness/stats/planning.js';
import type { BenchOptions } from '../arguments.js';
import { RandomStream } from '../random.js';
import { formatTable } from '../table.js';

/** Points of at least 60 correlation times and 300 readings: shorter runs do not know their own noise. */
const POINTS = [
  { sec: 300, hz: 1, tauSec: 0 },
  { sec: 300, hz: 1, tauSec: 5 },
  { sec: 600, hz: 1, tauSec: 0 },
  { sec: 3600, hz: 1, tauSec: 0 },
  { sec: 3600, hz: 1, tauSec: 30 },
  { sec: 126_000, hz: 0.1, tauSec: 0 },
  { sec: 126_000, hz: 0.1, tauSec: 600 },
] as const;

type Point = (typeof POINTS)[number];

/** Power asked for, and the excess that a perfect detector needs for it with 5 % error, in standard errors. */
const POWER = 0.9;
const PERFECT_SIGMAS = 2.93;

const RESOLUTION = 4096;

/**
 * Smallest detectable excess over the budget against the Cramér–Rao limit, on a straight leak in AR(1) noise:
 * each path's smallest failing excess is found by bisection, and 90 % of the paths must fail at the one reported.
 */
export function studyEfficiency({ seeds }: BenchOptions): string {
  const rows = POINTS.map((point) => {
    const [undeclared, declared] = [false, true].map((hint) => {
      const excesses = seeds.map((seed) => smallestFailing(point, seed, hint)).sort((a, b) => a - b);
      return PERFECT_SIGMAS / (excesses[Math.ceil(POWER * excesses.length) - 1] as number);
    });
    const name = `${point.sec} s at ${point.hz} Hz, tau ${point.tauSec} s`;
    return { name, undeclared: undeclared as number, declared: declared as number };
  });
  const mean = (key: 'undeclared' | 'declared'): number =>
    rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
  const all = [...rows, { name: 'mean', undeclared: mean('undeclared'), declared: mean('declared') }];
  return formatTable([
    [`efficiency (${seeds.length} paths)`, 'nothing declared', 'warm-up declared'],
    ...all.map((row) => [row.name, row.undeclared.toFixed(2), row.declared.toFixed(2)]),
  ]);
}

/** The excess, in standard errors of the limit, from which a noise path fails; bisected to 2 %. */
function smallestFailing({ sec, hz, tauSec }: Point, seed: number, declared: boolean): number {
  const count = Math.floor(sec * hz);
  const stream = new RandomStream(`efficiency|${sec}|${hz}|${tauSec}|${seed}`);
  const rho = tauSec > 0 ? Math.exp(-1 / (hz * tauSec)) : 0;
  const sd = 256 * RESOLUTION;
  let noise = stream.normal();
  const path = Float64Array.from({ length: count }, () => {
    const now = sd * noise;
    noise = rho * noise + Math.sqrt(1 - rho * rho) * stream.normal();
    return now;
  });
  const error = slopeErrorPerMin({ sd, correlationMs: tauSec * 1000, sampleEveryMs: 1000 / hz }, sec * 1000);
  const budget = 20 * error;
  const elapsedMs = path.map((_, i) => (i / hz) * 1000);
  const options = declared ? { warmUpEndMs: 0 } : {};
  const fails = (sigmas: number): boolean => {
    const perMs = (budget + sigmas * error) / 60_000;
    const values = path.map((value, i) => 1e9 + value + perMs * (elapsedMs[i] as number));
    return assessGrowth({ elapsedMs, values, resolution: RESOLUTION }, budget, options).outcome === 'fail';
  };
  let [low, high] = [0, 16];
  while (high - low > 0.06) {
    const middle = (low + high) / 2;
    if (fails(middle)) high = middle;
    else low = middle;
  }
  return high;
}
