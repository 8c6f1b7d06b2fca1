import { usageError } from '../core/errors.js';
import type { MetricName } from '../core/metric.js';
import type { Service } from '../core/service-address.js';
import type { PeerIdentity } from '../load/peer/identity.js';
import type { LoadPlan, QuestionPlan } from '../load/plan.js';

/** A TOML file for the node under test: tables of plain values. */
export type TargetConfig = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>
>;

/** The one request that an HTTP load repeats. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for none. */
  readonly body: string | null;
}

/** What a run may change about a scenario's load. */
export interface LoadChoices {
  readonly ratePerSec: number;
  readonly seed: number;
  /** Zone under which DNS names are made. */
  readonly zone: string;
  /** Rates over time instead of `ratePerSec`, e.g. `10s:5000,30s:20000`; null for a constant one. */
  readonly rateFlow: string | null;
  /** Closed model: so many operations are in flight at all times and no rate is kept; null for the open one. */
  readonly outstanding: number | null;
  /** What a DNS load asks for; null for what the scenario asks by itself. */
  readonly questions: QuestionPlan | null;
  /** Threads that a DNS flood over UDP is shared out among. */
  readonly drivers: number;
  /** Hosts outside this machine that load may be sent to. */
  readonly allowRemote: readonly string[];
  /** True for a target that is not the built-in node: its data are not known, and it asks no upstream of ours. */
  readonly foreign: boolean;
  /** Connections that a connection-oriented load holds at most. */
  readonly connections: number;
  readonly request: HttpRequest;
  /** As whom ALFIS peers are called. */
  readonly peer: PeerIdentity;
  /** A load tool of the user's; null for none. */
  readonly loadCommand: readonly [string, ...string[]] | null;
}

/** One situation a target is put in: how it is set up, what comes at it, and how much it may grow. */
export interface Scenario {
  /** Lower case with hyphens; the name on the command line and of the run's folder. */
  readonly name: string;
  /** One line for `leak-soak list`. */
  readonly summary: string;
  /** Ids of the node's faults that this load brings out. */
  readonly exposes: readonly string[];
  /** True when the load means to ask for more than the target can serve: missing answers are no finding. */
  readonly overload: boolean;
  readonly defaults: {
    readonly durationMs: number;
    readonly ratePerSec: number;
    /** Of a DNS load. */
    readonly zone?: string;
    /** Threads, of a load that can be shared out among several. */
    readonly drivers?: number;
    /** Of a load that holds connections. */
    readonly connections?: number;
  };
  /** Services of the target that the load speaks to; a foreign target's addresses must be given. */
  readonly needs: readonly Service[];
  /** Accepted growth per minute in base units; RSS has a default that depends on the duration. */
  readonly budgets: Readonly<Partial<Record<MetricName, number>>>;
  /**
   * Settings of the node under test, small enough that its bounded structures are full within warm-up; null for a
   * load that the node does not serve.
   */
  readonly targetConfig: ((upstream: string) => TargetConfig) | null;
  readonly load: (choices: LoadChoices) => LoadPlan;
}

/** Checks a scenario and hands it back. Throws `usage` for a name that cannot be a folder's. */
export function defineScenario(scenario: Scenario): Scenario {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(scenario.name)) {
    throw usageError(`scenario name '${scenario.name}': use lower-case words joined by hyphens`);
  }
  return scenario;
}
