import type { Attribution, OpenDescriptors } from './attribution.js';
import type { Budget, Ceiling } from './budget.js';
import type { LoadSummary } from './load-counters.js';
import type { MetricName } from './metric.js';
import type { PhaseSpan } from './phase.js';
import type { Service } from './service-address.js';
import type { ServiceRecord } from './service-record.js';
import type { StructureFill } from './structure.js';
import type { TargetInfo } from './target-info.js';
import type { Warning } from './warning.js';

/** How often live heap was read and what that cost the target; null figures were not measured. */
export interface CollectionCadence {
  readonly intervalMs: number;
  readonly collections: number;
  /** Median extra CPU of a tick with a forced collection. */
  readonly cpuMsPerCollection: number | null;
  /** That cost as a share of the target's own CPU, in percent. */
  readonly cpuSharePercent: number | null;
  /** Median time that the target stood still for one. */
  readonly pauseMsPerCollection: number | null;
}

/** What the target wrote to stdout and stderr. */
export interface TargetOutput {
  readonly bytes: number;
  /** True when the log outgrew its cap, so that only its end was kept. */
  readonly cut: boolean;
  /** True when it had closed both before it was stopped. */
  readonly closedEarly: boolean;
}

/** How the target's process ended; code and signal are null where only its parent, which is not us, was told. */
export interface TargetExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** True when nobody has waited for it: its parent left it a zombie. */
  readonly zombie: boolean;
  /** The process that serves in its place: it was restarted, or went to the background. Null when none does. */
  readonly servedBy: number | null;
  /** True when the rig asked for it. */
  readonly expected: boolean;
  /** True when SIGTERM was not enough and the rig had to kill it. */
  readonly killed: boolean;
  /** What its log says of a memory limit that ended it; null when nothing. */
  readonly memoryLimit: string | null;
  /** Whether the kernel's OOM killer struck during the run; null where the kernel does not count it. */
  readonly oomKill: boolean | null;
  /** Null of a process whose output is not ours. */
  readonly output: TargetOutput | null;
  /** The last lines of its log. */
  readonly lastLines: readonly string[];
}

/** One question with a known answer, asked outside the load. */
export interface ProbeResult {
  readonly at: 'ready' | 'settle';
  readonly ok: boolean;
  readonly message: string;
}

/** Where and how often the target's own figures are read. */
export interface GaugePlan {
  /** Prometheus text or JSON; null for none. */
  readonly url: string | null;
  /** Where a Go process serves net/http/pprof; null for none. */
  readonly pprof: string | null;
  /** Names that were picked, with or without labels; empty for all. */
  readonly only: readonly string[];
  readonly everyMs: number;
}

/** A level of one metric that the target has no need to hold under this load, in base units. */
export interface MetricLevel {
  readonly metric: MetricName;
  readonly value: number;
}

/** A run as its options were resolved; fixed at launch. */
export interface RunPlan {
  /** Planned time from ready to the end of the last drain. */
  readonly durationMs: number;
  /** An inconclusive run goes on up to this long. */
  readonly maxDurationMs: number;
  /** Planned length of the warm-up. */
  readonly warmUpMs: number;
  /** Longest that a warm-up may take which ends by itself; null for one of fixed length. */
  readonly warmUpLimitMs: number | null;
  /** True: warm-up ends when levels have settled and bounded structures are full. */
  readonly autoWarmUp: boolean;
  /** Length of each drain. */
  readonly drainMs: number;
  /** Times that steady load is followed by a drain. */
  readonly cycles: number;
  /** Period at which the target clears up what it keeps, as declared; null when nothing was. */
  readonly cleanupPeriodMs: number | null;
  /** True: stop early when three looks in a row are nearly certain of a leak. */
  readonly failFast: boolean;
  readonly sampleEveryMs: number;
  /** 0 where the target is only watched, and somebody else drives it. */
  readonly ratePerSec: number;
  /** Rates over time instead; null for a constant one. */
  readonly rateFlow: string | null;
  /** Operations in flight at all times (closed model), and no rate is kept; null for the open one. */
  readonly outstanding: number | null;
  readonly seed: number;
  readonly forceGc: boolean;
  readonly sampler: 'proc' | 'pidusage';
  readonly budgets: readonly Budget[];
  /** Levels that the target must not stand at through half of the judged stretch. */
  readonly levels: readonly MetricLevel[];
  /** Services of the target that are asked questions with known answers beside the load. */
  readonly services: readonly Service[];
  /** Levels that end the run when they are reached. */
  readonly ceilings: readonly Ceiling[];
  /** True when the scenario means to ask for more than the target can serve. */
  readonly overload: boolean;
  /** Null when the target's own figures are not read. */
  readonly gauges: GaugePlan | null;
}

export interface MachineInfo {
  readonly platform: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cpuCount: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** Allocator settings that reach the target (`MALLOC_*`, `NODE_OPTIONS`, `LD_PRELOAD`). */
  readonly allocatorEnv: Readonly<Record<string, string>>;
}

/** The ceiling that ended a run. */
export interface CeilingHit extends Ceiling {
  /** What was read. */
  readonly reached: number;
  readonly atMs: number;
}

/** `run.json`: written at launch, again at each phase, and complete when `state` is no longer `running`. */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly leakSoakVersion: string;
  readonly runId: string;
  /** The process that writes this run; while it is `running` nobody else may. */
  readonly rigPid: number;
  readonly state: 'running' | 'finished' | 'interrupted' | 'failed';
  /** Why the run could not be carried out; null unless `failed`. */
  readonly failure: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly scenario: string;
  readonly faults: readonly string[];
  readonly plan: RunPlan;
  readonly target: TargetInfo;
  /**
   * The environment that the target was started with, secrets left out; null for one that ran already. Of the rig's
   * own only what a program needs to run is handed on.
   */
  readonly environment: Readonly<Record<string, string>> | null;
  /** From the target's launch until it served; null until then, and for one that ran already. */
  readonly readyAfterMs: number | null;
  readonly machine: MachineInfo;
  readonly phases: readonly PhaseSpan[];
  readonly load: LoadSummary | null;
  readonly structures: readonly StructureFill[] | null;
  readonly probes: readonly ProbeResult[];
  /** How each service that was asked beside the load answered; empty where none was. */
  readonly services: readonly ServiceRecord[];
  readonly cadence: CollectionCadence | null;
  /** Null when no ceiling was reached. */
  readonly ceilingHit: CeilingHit | null;
  readonly targetExit: TargetExit | null;
  /** Null when no heap snapshots were compared. */
  readonly attribution: Attribution | null;
  /** Of a run that failed on descriptors; null where nobody looked. */
  readonly openDescriptors: OpenDescriptors | null;
  readonly warnings: readonly Warning[];
  readonly reproduce: string;
}
