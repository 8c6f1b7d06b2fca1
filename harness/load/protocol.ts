import type { GeneratorHealth, LatencyMs, LoadCounters } from '../core/load-counters.js';
import type { ProcessPlan } from './plan.js';
import type { ServiceQuestion } from './service-probe.js';

/** Rig to load process, over the IPC channel of `fork`. */
export type LoadCommand =
  /** Start the stub upstream; answered by `prepared`. */
  | { readonly kind: 'prepare'; readonly plan: ProcessPlan; readonly reportEveryMs: number }
  /** The target is ready; addresses as it reported them, e.g. `{dns: "127.0.0.1:40001"}`. Answered by `connected`. */
  | { readonly kind: 'connect'; readonly addresses: Readonly<Record<string, string>> }
  /** Ask one question with a known answer, as the load does or (`ask`) of one service; answered by `probed`. */
  | {
      readonly kind: 'probe';
      readonly id: number;
      readonly timeoutMs: number;
      readonly ask: ServiceQuestion | null;
    }
  | { readonly kind: 'start' }
  /** Stop offering, wait until nothing is in flight; answered by `stopped`. */
  | { readonly kind: 'stop' };

/** Load process to rig. */
export type LoadReport =
  /** `upstream` is the stub's address, e.g. `127.0.0.1:40000`; null for a load without one. */
  | { readonly kind: 'prepared'; readonly upstream: string | null }
  | { readonly kind: 'connected' }
  | { readonly kind: 'probed'; readonly id: number; readonly ok: boolean; readonly message: string }
  /** Sent every `reportEveryMs` while the load runs. */
  | { readonly kind: 'tick'; readonly counters: LoadCounters | null; readonly intervalLatencyMs: LatencyMs }
  | {
      readonly kind: 'stopped';
      readonly counters: LoadCounters | null;
      readonly latencyMs: LatencyMs;
      readonly generator?: GeneratorHealth;
    }
  | { readonly kind: 'failed'; readonly message: string };
