import type { Budget } from '../core/budget.js';
import { usageError } from '../core/errors.js';
import type { FaultInfo } from '../core/fault.js';
import type { RunPlan } from '../core/manifest.js';
import { METRIC_NAMES } from '../core/metric.js';
import type { Warning } from '../core/warning.js';
import { defaultSampler } from '../sampling/open-source.js';
import { resolveBudgets } from '../verdict/budget.js';
import type { Scenario } from './scenario.js';

/** What the caller of a run may choose; everything left out has the default of `RUN_DEFAULTS` or the scenario. */
export interface RunOptions {
  /** From ready to the end of the drain, warm-up included. @default the scenario's */
  readonly durationMs?: number | undefined;
  /** @default 20 % of the duration, between 8 s and 2 min */
  readonly warmUpMs?: number | undefined;
  /** @default 7.5 % of the duration, between 3 s and 30 s */
  readonly drainMs?: number | undefined;
  /** Operations per second that the load offers. @default the scenario's */
  readonly ratePerSec?: number | undefined;
  /** Zone under which names are made. @default the scenario's */
  readonly zone?: string | undefined;
  /** @default RUN_DEFAULTS.sampleEveryMs */
  readonly sampleEveryMs?: number | undefined;
  /** Everything random in the load follows from it. @default RUN_DEFAULTS.seed */
  readonly seed?: number | undefined;
  /** False: never force a collection; live heap is then not read. @default true */
  readonly forceGc?: boolean | undefined;
  /** @default proc where there is a /proc */
  readonly sampler?: 'proc' | 'pidusage' | undefined;
  /** Ids of the built-in node's faults to switch on. @default none */
  readonly faults?: readonly string[] | undefined;
  /** Budgets that replace the scenario's. */
  readonly budgets?: readonly Budget[] | undefined;
}

export const RUN_DEFAULTS = { sampleEveryMs: 1000, seed: 1 } as const;

/** Bounds of what can be asked for; beyond them it is more likely a slip of the unit than a wish. */
export const RUN_LIMITS = {
  durationMs: { min: 2_000, max: 14 * 24 * 3_600_000 },
  sampleEveryMs: { min: 100, max: 600_000 },
  ratePerSec: { min: 1, max: 200_000 },
  /** Least of steady that a run must keep. */
  steadyMs: { min: 1_000 },
} as const;

/** A run with every choice made and checked; nothing has been started yet. */
export interface ResolvedRun {
  readonly scenario: Scenario;
  readonly faults: readonly string[];
  readonly plan: RunPlan;
  readonly zone: string;
  readonly warnings: readonly Warning[];
}

/** Makes every choice of a run. Throws `usage` naming what does not fit, before anything is started. */
export function resolveRun(
  scenario: Scenario,
  options: RunOptions,
  catalogue: readonly FaultInfo[],
): ResolvedRun {
  const durationMs = options.durationMs ?? scenario.defaults.durationMs;
  const sampleEveryMs = options.sampleEveryMs ?? RUN_DEFAULTS.sampleEveryMs;
  const ratePerSec = options.ratePerSec ?? scenario.defaults.ratePerSec;
  inBounds('--duration', durationMs, RUN_LIMITS.durationMs, ' ms');
  inBounds('--sample-every', sampleEveryMs, RUN_LIMITS.sampleEveryMs, ' ms');
  inBounds('--rate', ratePerSec, RUN_LIMITS.ratePerSec, '/s');
  const warmUpMs = options.warmUpMs ?? defaultWarmUpMs(durationMs);
  const drainMs = options.drainMs ?? defaultDrainMs(durationMs);
  if (warmUpMs < 0 || drainMs < 0 || durationMs - warmUpMs - drainMs < RUN_LIMITS.steadyMs.min) {
    throw usageError(
      `a duration of ${durationMs / 1000} s leaves no steady load between ${warmUpMs / 1000} s of warm-up and ` +
        `${drainMs / 1000} s of drain: raise --duration or lower --warm-up`,
    );
  }
  const zone = options.zone ?? scenario.defaults.zone;
  checkZone(zone);
  const faults = options.faults ?? [];
  return {
    scenario,
    faults,
    zone,
    plan: {
      durationMs,
      warmUpMs,
      drainMs,
      sampleEveryMs,
      ratePerSec,
      seed: options.seed ?? RUN_DEFAULTS.seed,
      forceGc: options.forceGc ?? true,
      sampler: options.sampler ?? defaultSampler(),
      budgets: resolveBudgets(options.budgets ?? [], defaultBudgets(scenario), durationMs),
      overload: scenario.overload,
    },
    warnings: checkFaults(scenario, faults, catalogue),
  };
}

function defaultBudgets(scenario: Scenario): readonly Budget[] {
  return METRIC_NAMES.flatMap((metric) => {
    const growthPerMin = scenario.budgets[metric];
    return growthPerMin === undefined ? [] : [{ metric, growthPerMin, explicit: false }];
  });
}

function defaultWarmUpMs(durationMs: number): number {
  return clamp(0.2 * durationMs, Math.min(8_000, 0.3 * durationMs), 120_000);
}

function defaultDrainMs(durationMs: number): number {
  return clamp(0.075 * durationMs, Math.min(3_000, 0.2 * durationMs), 30_000);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function inBounds(what: string, value: number, bounds: { min: number; max: number }, unit: string): void {
  if (Number.isFinite(value) && value >= bounds.min && value <= bounds.max) return;
  throw usageError(
    `${what} ${value}${unit} is out of range: give between ${bounds.min}${unit} and ${bounds.max}${unit}`,
  );
}

/** A zone's labels of 1–63 letters, digits and hyphens; short enough to leave room for the names below it. */
function checkZone(zone: string): void {
  const labels = zone.replace(/\.$/, '').split('.');
  if (zone.length <= 200 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label)))
    return;
  throw usageError(`zone '${zone}' is not a DNS name: labels of letters, digits and hyphens joined by dots`);
}

function checkFaults(
  scenario: Scenario,
  faults: readonly string[],
  catalogue: readonly FaultInfo[],
): readonly Warning[] {
  const known = catalogue.map((fault) => fault.id);
  const unknown = faults.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw usageError(
      `unknown fault '${unknown}': the node knows ${known.join(', ')} (leak-soak list faults)`,
    );
  }
  return faults
    .filter((id) => !scenario.exposes.includes(id))
    .map((id) => ({
      id: 'fault-not-exposed',
      concerns: 'coverage',
      message:
        `scenario ${scenario.name} does not bring out fault ${id}: a pass would say nothing about it ` +
        `(it exposes ${scenario.exposes.join(', ') || 'none'})`,
    }));
}
