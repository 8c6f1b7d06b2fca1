import type { Budget, Ceiling } from '../core/budget.js';
import { usageError } from '../core/errors.js';
import type { FaultInfo } from '../core/fault.js';
import type { RunPlan } from '../core/manifest.js';
import { type MetricName, metricInfo } from '../core/metric.js';
import type { Warning } from '../core/warning.js';
import type { QuestionPlan } from '../load/plan.js';
import { defaultSampler } from '../sampling/open-source.js';
import { resolveBudgets } from '../verdict/budget.js';
import type { SnapshotPlan, SnapshotsWhen } from './attribution/snapshot-plan.js';
import { resolveCeilings } from './ceilings.js';
import { checkTarget } from './check-target.js';
import { type GaugeOptions, planGauges } from './gauge-plan.js';
import { inBounds } from './in-bounds.js';
import { type Length, timesOf } from './lengths.js';
import { resolveChoices } from './load-choices.js';
import type { HttpRequest, HttpVersion, LoadChoices, Scenario } from './scenario.js';
import { nodePromises, scenarioBudgets } from './scenario-limits.js';
import { BUILT_IN, type TargetSpec } from './target-spec.js';

/** What the caller of a run may choose; everything left out has the default of `RUN_DEFAULTS` or the scenario. */
export interface RunOptions extends GaugeOptions {
  /** A form of the scenario; single times win over it. @default the scenario's own */
  readonly length?: Length | undefined;
  /** From ready to the end of the drain, warm-up included. @default the scenario's */
  readonly durationMs?: number | undefined;
  /** `auto`: until levels settle and bounded structures are full, at most half the duration. @default 20 % of the duration, 8 s to 2 min */
  readonly warmUpMs?: number | 'auto' | undefined;
  /** Length of each drain. @default 7.5 % of the duration over all cycles, each between 3 s and 30 s */
  readonly drainMs?: number | undefined;
  /** Times that steady load is followed by a drain. @default 1 below 2 minutes, else 4 */
  readonly cycles?: number | undefined;
  /** An inconclusive run goes on up to this long. @default twice the duration */
  readonly maxDurationMs?: number | undefined;
  /** Wall clock that the whole command may take; the run extends itself no further. @default none */
  readonly deadlineMs?: number | undefined;
  /** Period at which the target clears up; fewer than three of them decide nothing. @default unknown */
  readonly cleanupPeriodMs?: number | undefined;
  /** Stop early when three looks in a row are nearly certain of a leak. @default false */
  readonly failFast?: boolean | undefined;
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
  /** What is put under test. @default the built-in node */
  readonly target?: TargetSpec | undefined;
  /** Connections that the load holds at most. @default the scenario's */
  readonly connections?: number | undefined;
  /** Version of HTTP that DNS over HTTPS is spoken in. @default 1.1 */
  readonly httpVersion?: HttpVersion | undefined;
  /** Accept a certificate that cannot be verified. @default false */
  readonly insecure?: boolean | undefined;
  /** The request that an HTTP load repeats. @default GET without a body */
  readonly request?: Partial<HttpRequest> | undefined;
  /** Rates over time instead of a constant one, e.g. `10s:5000,30s:20000`. @default constant */
  readonly rateFlow?: string | undefined;
  /** Closed model with so many operations in flight. @default open model */
  readonly outstanding?: number | undefined;
  /** What a DNS load asks for. @default the scenario's */
  readonly questions?: QuestionPlan | undefined;
  /** Threads of a DNS flood over UDP. @default 1 */
  readonly drivers?: number | undefined;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[] | undefined;
  /** The load tool of scenario own-load. */
  readonly loadCommand?: readonly [string, ...string[]] | undefined;
  /** Ids of the built-in node's faults to switch on. @default none */
  readonly faults?: readonly string[] | undefined;
  /** Levels that end the run when they are reached. @default RSS at 80 % of the memory available */
  readonly ceilings?: readonly Ceiling[] | undefined;
  /** Budgets that replace the scenario's. */
  readonly budgets?: readonly Budget[] | undefined;
  /** When heap snapshots are taken after the judged window, to name what grows. @default on-fail */
  readonly heapSnapshots?: SnapshotsWhen | undefined;
  /** Leave the contents of strings out of the snapshots that are kept. @default false */
  readonly stripStrings?: boolean | undefined;
}

export const RUN_DEFAULTS = { sampleEveryMs: 1000, seed: 1 } as const;

/** Bounds of what can be asked for; beyond them it is more likely a slip of the unit than a wish. */
export const RUN_LIMITS = {
  durationMs: { min: 2_000, max: 14 * 24 * 3_600_000 },
  sampleEveryMs: { min: 100, max: 600_000 },
  ratePerSec: { min: 1, max: 200_000 },
  cycles: { min: 1, max: 1_000 },
  /** Least of steady that each cycle must keep. */
  steadyMs: { min: 1_000 },
} as const;

/** Shorter runs have one cycle: a ratchet of idle floors needs four, and each needs its time. */
const FEW_CYCLES_BELOW_MS = 120_000;

/** Time that a run takes beside its phases: start, settle, stop, judge. */
const OVERHEAD_MS = 15_000;

/** A warm-up that ends by itself may take this share of the duration, as far as the run may last longer for it. */
const AUTO_WARM_UP_SHARE = 0.5;

/** A run with every choice made and checked; nothing has been started yet. */
export interface ResolvedRun {
  readonly scenario: Scenario;
  readonly faults: readonly string[];
  readonly plan: RunPlan;
  readonly target: TargetSpec;
  readonly choices: Omit<LoadChoices, 'ratePerSec' | 'seed'>;
  /** Null for the scenario's own. */
  readonly length: Length | null;
  readonly snapshots: SnapshotPlan;
  readonly warnings: readonly Warning[];
}

/** Makes every choice of a run. Throws `usage` naming what does not fit, before anything is started. */
export function resolveRun(
  scenario: Scenario,
  options: RunOptions,
  catalogue: readonly FaultInfo[],
): ResolvedRun {
  const times = timesOf(scenario, options.length ?? null);
  const durationMs = options.durationMs ?? times.durationMs ?? scenario.defaults.durationMs;
  const sampleEveryMs = options.sampleEveryMs ?? times.sampleEveryMs ?? RUN_DEFAULTS.sampleEveryMs;
  const ratePerSec = options.ratePerSec ?? scenario.defaults.ratePerSec;
  inBounds('--duration', durationMs, RUN_LIMITS.durationMs, ' ms');
  inBounds('--sample-every', sampleEveryMs, RUN_LIMITS.sampleEveryMs, ' ms');
  inBounds('--rate', ratePerSec, RUN_LIMITS.ratePerSec, '/s');
  const cycles = options.cycles ?? defaultCycles(durationMs);
  inBounds('--cycles', cycles, RUN_LIMITS.cycles, '');
  const autoWarmUp = options.warmUpMs === 'auto';
  const askedMs = options.warmUpMs ?? times.warmUpMs ?? 'auto';
  const warmUpMs = askedMs === 'auto' ? defaultWarmUpMs(durationMs) : askedMs;
  const drainMs = options.drainMs ?? times.drainMs ?? defaultDrainMs(durationMs, cycles);
  const steadyMs = durationMs - warmUpMs - cycles * drainMs;
  if (warmUpMs < 0 || drainMs < 0 || steadyMs < cycles * RUN_LIMITS.steadyMs.min) {
    throw usageError(
      `a duration of ${durationMs / 1000} s leaves no steady load between ${warmUpMs / 1000} s of warm-up and ` +
        `${cycles} × ${drainMs / 1000} s of drain: raise --duration, or lower --warm-up or --cycles`,
    );
  }
  const deadlineMs = (options.deadlineMs ?? Number.POSITIVE_INFINITY) - OVERHEAD_MS;
  if (deadlineMs < durationMs) {
    throw usageError(
      `--deadline ${(options.deadlineMs ?? 0) / 1000} s leaves no time for a --duration of ${durationMs / 1000} s and ` +
        `${OVERHEAD_MS / 1000} s to start, stop and judge: raise one or lower the other`,
    );
  }
  const maxDurationMs = Math.min(options.maxDurationMs ?? 2 * durationMs, deadlineMs);
  if (maxDurationMs < durationMs) {
    throw usageError(
      `--max-duration ${maxDurationMs / 1000} s is below --duration ${durationMs / 1000} s: raise it, or set both equal to never extend`,
    );
  }
  const faults = options.faults ?? [];
  const target = options.target ?? BUILT_IN;
  checkTarget(scenario, target, faults);
  const sampler = options.sampler ?? defaultSampler();
  const forceGc = options.forceGc ?? true;
  const asked = [
    ...(options.budgets ?? []).map(({ metric }) => ['--max-growth', metric] as const),
    ...(options.ceilings ?? []).map(({ metric }) => ['--max', metric] as const),
  ];
  for (const [flag, metric] of asked) checkReadable(flag, metric, sampler, forceGc);
  return {
    scenario,
    faults,
    target,
    choices: resolveChoices(scenario, target, options),
    length: options.length ?? null,
    snapshots: {
      when: options.heapSnapshots ?? 'on-fail',
      stripStrings: options.stripStrings ?? false,
      deadlineMs: options.deadlineMs ?? null,
    },
    plan: {
      durationMs,
      maxDurationMs,
      warmUpMs,
      warmUpLimitMs: autoWarmUp
        ? Math.max(warmUpMs, Math.min(AUTO_WARM_UP_SHARE * durationMs, warmUpMs + maxDurationMs - durationMs))
        : null,
      autoWarmUp,
      drainMs,
      cycles,
      cleanupPeriodMs: options.cleanupPeriodMs ?? null,
      failFast: options.failFast ?? false,
      sampleEveryMs,
      ratePerSec,
      rateFlow: options.rateFlow ?? null,
      outstanding: options.outstanding ?? null,
      seed: options.seed ?? RUN_DEFAULTS.seed,
      forceGc,
      sampler,
      budgets: resolveBudgets(
        options.budgets ?? [],
        scenarioBudgets(scenario, target, steadyMs, options.length === 'quick'),
        durationMs,
      ),
      ...nodePromises(scenario, target),
      ceilings: resolveCeilings(options.ceilings ?? []),
      overload: scenario.overload,
      gauges: planGauges(options, { asked, sampleEveryMs, usableMs: steadyMs }),
    },
    warnings: checkFaults(scenario, faults, catalogue),
  };
}

/** What is read of a process without /proc. */
const PORTABLE_METRICS: readonly MetricName[] = ['rss', 'cpu'];

/** A budget that the user named must be readable; that this run will not read it is known before it starts. */
function checkReadable(
  flag: string,
  metric: MetricName,
  sampler: RunPlan['sampler'],
  forceGc: boolean,
): void {
  if (metric === 'live-heap' && !forceGc) {
    throw usageError(`${flag} live-heap needs forced collections to be read: leave out --no-force-gc`);
  }
  if (sampler === 'pidusage' && metricInfo(metric).source === 'os' && !PORTABLE_METRICS.includes(metric)) {
    throw usageError(
      `${flag} ${metric} cannot be read by the pidusage sampler, which knows RSS and CPU only: use --sampler proc, or leave the budget out`,
    );
  }
}

/** Cycles of a run for which none are asked. */
export function defaultCycles(durationMs: number): number {
  return durationMs < FEW_CYCLES_BELOW_MS ? 1 : 4;
}

function defaultWarmUpMs(durationMs: number): number {
  return clamp(0.2 * durationMs, Math.min(8_000, 0.3 * durationMs), 120_000);
}

function defaultDrainMs(durationMs: number, cycles: number): number {
  return clamp((0.075 * durationMs) / cycles, Math.min(3_000, (0.2 * durationMs) / cycles), 30_000);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
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
