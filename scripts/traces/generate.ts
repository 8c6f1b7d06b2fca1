import { CYCLE_FAMILIES } from './cycle-families.js';
import type { Family, FamilyGroup, Shape } from './family.js';
import { HARNESS_FAMILIES } from './harness-families.js';
import { HARD_FAMILIES, SHAPE_FAMILIES } from './main-families.js';
import { OOD_FAMILIES } from './ood-families.js';
import { RandomStream } from './random.js';
import { WIDE_FAMILIES } from './wide-families.js';

const FAMILIES = {
  ...SHAPE_FAMILIES,
  ...HARNESS_FAMILIES,
  ...HARD_FAMILIES,
  ...OOD_FAMILIES,
  ...WIDE_FAMILIES,
  ...CYCLE_FAMILIES,
} as const satisfies Record<string, Family>;

export type FamilyName = keyof typeof FAMILIES;

export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];

export function isFamilyName(text: string): text is FamilyName {
  return Object.hasOwn(FAMILIES, text);
}

export function familyGroup(family: FamilyName): FamilyGroup {
  return FAMILIES[family].group;
}

export interface TraceOptions {
  readonly family: FamilyName;
  readonly durationSec: number;
  readonly seed: number;
  readonly leak: boolean;
  /** Samples per second. @default 1 */
  readonly hz?: number;
  /** The trace is this many times `durationSec` long and begins with the shorter one. @default 1 */
  readonly extend?: number;
  /** Growth in units of the budget, instead of a drawn one. */
  readonly multiple?: number;
}

/** A labelled trace. Values in MB (counts for descriptors), rates per minute. */
export interface Trace {
  readonly budgetPerMin: number;
  /** Growth per minute at the end of the trace. */
  readonly truthPerMin: number;
  /** `leak` from 1.5 budgets on, `ok` below half a budget, `grey` (not scored) between. */
  readonly label: 'leak' | 'ok' | 'grey';
  /** Smallest step of the values. */
  readonly resolution: number;
  readonly elapsedMs: Float64Array;
  readonly values: Float64Array;
  readonly load: Float64Array;
  readonly pids: Float64Array;
  /** What the owner of the process could declare, null when the shape has neither. */
  readonly warmUpMs: number | null;
  readonly cleanupPeriodMs: number | null;
}

/** Memory is read in pages of 4 KiB. */
const PAGES_PER_MB = 256;

/** Everything drawn before the first sample. */
interface Plan {
  readonly family: Family;
  readonly shape: Shape;
  readonly budgetPerMin: number;
  readonly slope: number;
  readonly base: number;
  readonly sigma: number;
  /** Correlation of successive noise values. */
  readonly rho: number;
  readonly stepSec: number;
  readonly totalSec: number;
  readonly stream: (name: string) => RandomStream;
}

/** A trace that depends on nothing but its options. */
export function generateTrace(options: TraceOptions): Trace {
  const plan = drawPlan(options);
  const { shape, budgetPerMin, slope, family } = plan;
  let truthPerMin = (slope + (shape.endSlope ?? 0)) * 60;
  if ((options.family === 'rss_steps' && slope < 0) || (family.cleanIsFlat && !options.leak)) truthPerMin = 0;
  return {
    ...sampleTrace(plan),
    budgetPerMin,
    truthPerMin,
    label: labelOf(truthPerMin, budgetPerMin),
    resolution: family.counts ? 1 : 1 / PAGES_PER_MB,
    warmUpMs: shape.warmUpSec === undefined ? null : shape.warmUpSec * 1000,
    cleanupPeriodMs: shape.cleanupPeriodSec === undefined ? null : shape.cleanupPeriodSec * 1000,
  };
}

function labelOf(truth: number, budget: number): Trace['label'] {
  if (truth > 1.5 * budget - 1e-9) return 'leak';
  return truth < 0.5 * budget ? 'ok' : 'grey';
}

function drawPlan(options: TraceOptions): Plan {
  const { durationSec: T, seed, leak, hz = 1, extend = 1 } = options;
  const family: Family = FAMILIES[options.family];
  const stepSec = 1 / hz;
  const key = `${options.family}|${T}|${hz}|${seed}|${leak ? 1 : 0}`;
  const stream = (name: string): RandomStream => new RandomStream(`${key}|${name}`);
  const param = stream('param');
  const usual = 10 * (60 / T) ** 0.85 * param.logUniform(0.5, 2);
  const budgetPerMin = family.counts ? (param.uniform(8, 30) / T) * 60 : usual;
  const growth = (budgetPerMin * T) / 60;
  const drawn = drawMultiple(param, leak);
  const slope = ((options.multiple ?? drawn) * budgetPerMin) / 60;
  const snr = family.lowSnr ? param.logUniform(2, 8) : param.logUniform(10, 60);
  const tauSec = drawTau(param, T, stepSec, family.alwaysCorrelated ?? false);
  const shape = family.draw({
    durationSec: T,
    totalSec: T * extend,
    stepSec,
    growth,
    slope,
    leak,
    effectiveSamples: T / (2 * tauSec + stepSec),
    snr,
    param,
    event: stream('event'),
    drop: stream('drop'),
  });
  const effective = shape.effectiveSamples ?? T / (2 * tauSec + stepSec);
  const wanted = (growth * Math.sqrt(effective / 12)) / snr;
  const sigma = family.counts ? 0 : Math.min(wanted, shape.maxSigma ?? wanted);
  const base = family.counts ? 13 : param.uniform(60, 300) + 6 * sigma + (shape.headroom ?? 0);
  const rho = tauSec > 0 ? Math.exp(-stepSec / tauSec) : 0;
  return { family, shape, budgetPerMin, slope, base, sigma, rho, stepSec, totalSec: T * extend, stream };
}

function drawMultiple(param: RandomStream, leak: boolean): number {
  if (leak) return param.logUniform(1.5, 6);
  return param.unit() < 0.7 ? 0 : param.uniform(-0.5, 0.5);
}

/** Correlation time of the noise, seconds: none in two traces of five. */
function drawTau(param: RandomStream, T: number, stepSec: number, always: boolean): number {
  const usual = param.unit() < 0.4 ? 0 : param.logUniform(2 * stepSec, T / 30);
  return always ? param.logUniform(Math.max(2 * stepSec, T / 100), T / 15) : usual;
}

function sampleTrace(plan: Plan): Pick<Trace, 'elapsedMs' | 'values' | 'load' | 'pids'> {
  const { shape, sigma, rho, stepSec, slope, base } = plan;
  const [noise, jitter] = [plan.stream('noise'), plan.stream('jitter')];
  const count = Math.floor(plan.totalSec / stepSec);
  const columns = Array.from({ length: 4 }, () => new Float64Array(count));
  const [elapsedMs, values, load, pids] = columns as [Float64Array, Float64Array, Float64Array, Float64Array];
  let ou = noise.normal();
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const sec = i * stepSec + (i > 0 ? jitter.uniform(-0.05, 0.05) * stepSec : 0);
    if (i > 0) ou = rho * ou + Math.sqrt(1 - rho * rho) * noise.normal();
    const z = shape.noise === undefined ? sigma * ou : shape.noise(i, sigma);
    const instant = shape.at(sec, i);
    const leaked = slope * (instant.leakSec ?? sec);
    const raw =
      shape.value === undefined
        ? base + leaked + instant.level + z
        : shape.value({ base, sec, leaked, noise: z });
    if (instant.kept === false) continue;
    elapsedMs[kept] = sec * 1000;
    values[kept] = plan.family.counts ? raw : toPages(raw, shape.quantum ?? 0);
    load[kept] = instant.load ?? 1;
    pids[kept] = instant.pid ?? 1000;
    kept++;
  }
  const cut = (column: Float64Array): Float64Array => column.subarray(0, kept);
  return { elapsedMs: cut(elapsedMs), values: cut(values), load: cut(load), pids: cut(pids) };
}

function toPages(value: number, quantum: number): number {
  const quantised = quantum > 0 ? quantum * Math.round(value / quantum) : value;
  return Math.max(1, Math.round(quantised * PAGES_PER_MB) / PAGES_PER_MB);
}
