import { usageError } from '../core/errors.js';
import type { MetricName } from '../core/metric.js';
import type { Service } from '../core/service-address.js';
import type { PeerIdentity } from '../load/peer/identity.js';
import type { LoadPlan, QuestionPlan } from '../load/plan.js';
import type { TrafficScript } from '../load/script/traffic.js';

/** A TOML file for the node under test. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}
type TomlValue = string | number | boolean | TomlTable | readonly TomlValue[];

/** What a node's settings may have to name. */
export interface NodeSurroundings {
  /** Address of the load's own upstream. */
  readonly upstream: string;
  /** The run's folder: what the node writes belongs there. */
  readonly folder: string;
  /** Zone of the names that the load asks for. */
  readonly zone: string;
}

/** What a scenario says of the built-in node alone. */
export interface NodeTerms {
  /** Asked once a second beside the load for a name whose answer is known. @default none */
  readonly services?: readonly Service[];
  /** The address of every such name, where the node has it from elsewhere than the load's upstream. */
  readonly probeAddress?: string;
  /** Budgets of its own, which decide whatever metric they are on. */
  readonly budgets?: Readonly<Partial<Record<MetricName, number>>>;
  /** Levels that the load gives it no reason to stand at. */
  readonly levels?: Readonly<Partial<Record<MetricName, number>>>;
  /** Limit of its heap (`--max-old-space-size`), so that one that grows without end ends itself and not the machine. */
  readonly heapLimitMb?: number;
  /**
   * Limit of each half of its young generation (`--max-semi-space-size`), so that its RSS shows what it keeps and not
   * garbage that waits for a collection.
   */
  readonly semiSpaceMb?: number;
  /** Files beside its settings, by name, in the run's folder. */
  readonly files?: (around: NodeSurroundings) => Readonly<Record<string, TomlTable>>;
  /** Folders that it makes in the run's folder: what an earlier run left there goes first, so that it begins anew. */
  readonly ownFolders?: readonly string[];
}

/** The one request that an HTTP load repeats. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for none. */
  readonly body: string | null;
}

export type HttpVersion = '1.1' | '2';

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
  /** Version of HTTP that DNS over HTTPS is spoken in. */
  readonly httpVersion: HttpVersion;
  /** True: a certificate is accepted that cannot be verified, such as one that signed itself. */
  readonly insecure: boolean;
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
  /** True: the load can also keep so many operations in flight instead of a rate. @default false */
  readonly closedModel?: boolean;
  readonly defaults: {
    readonly durationMs: number;
    readonly ratePerSec: number;
    /** Length of its nightly form. @default 10 min */
    readonly nightlyMs?: number;
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
  readonly targetConfig: ((around: NodeSurroundings) => TomlTable) | null;
  readonly ofNode?: NodeTerms;
  readonly load: (choices: LoadChoices) => LoadPlan;
  /** The user's file that it was read from, absolute; absent of one that comes with leak-soak. */
  readonly file?: string;
}

/** A scenario of the user's own whose load is a function: what comes at a target of theirs. */
export interface ScenarioScript extends TrafficScript {
  /** Lower case with hyphens; the name of the run's folder. */
  readonly name: string;
  /** One line. @default the name */
  readonly summary?: string;
  /** Services whose addresses the traffic needs; each must then be given, as `--http URL`. @default none */
  readonly needs?: readonly Service[];
  readonly defaults?: {
    /** @default 60 000 */
    readonly durationMs?: number;
    /** @default 100 */
    readonly ratePerSec?: number;
  };
  /** An operation counts as timed out after this long, at most a minute. @default 10 000 */
  readonly timeoutMs?: number;
  /** Accepted growth per minute in base units. @default SERVER_BUDGETS */
  readonly budgets?: Scenario['budgets'];
  /** True when the traffic means to ask for more than the target can serve. @default false */
  readonly overload?: boolean;
}

/**
 * Checks a scenario and hands it back: one made of a load of ours, or one whose `traffic` is a function. A file that
 * exports the latter by default is run with `leak-soak run --scenario ./that-file.mjs`, and is then loaded twice: by
 * the rig for what it says, and by the load process, where `traffic` is called.
 *
 * @throws HarnessError `usage` for a name that cannot be a folder's
 */
export function defineScenario(scenario: Scenario): Scenario;
export function defineScenario(script: ScenarioScript): ScenarioScript;
export function defineScenario(scenario: Scenario | ScenarioScript): Scenario | ScenarioScript {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(scenario.name)) {
    throw usageError(`scenario name '${scenario.name}': use lower-case words joined by hyphens`);
  }
  return scenario;
}
