/**
 * The public API: describe a scenario, resolve it, run it, judge a recording. Takes `Scenario` objects, never
 * names; the names are the command line's.
 */
export type { Budget } from './core/budget.js';
export type { Culprit, GrowthReport } from './core/culprit.js';
export { HarnessError, type HarnessErrorCode } from './core/errors.js';
export type { ExitCode } from './core/exit-code.js';
export type { FaultInfo } from './core/fault.js';
export type { Finding } from './core/finding.js';
export type { LeakState, MetLeak } from './core/leak-baseline.js';
export type { Manifest, RunPlan } from './core/manifest.js';
export { METRIC_NAMES, METRICS, type MetricName } from './core/metric.js';
export type { Recording } from './core/recording.js';
export type { Sample } from './core/sample.js';
export type { MetricVerdict, RunVerdict } from './core/verdict.js';
export type { Warning } from './core/warning.js';
export { type AnalyseOptions, analyseGrowth } from './heap/analyse-growth.js';
export type {
  BlockBurstPlan,
  ChainSyncPlan,
  PeerChurnPlan,
  PeerExchangePlan,
  PeerLoadPlan,
} from './load/peer/peer-plan.js';
export type {
  DnsLoadPlan,
  DnsUdpFloodPlan,
  DohPlan,
  HttpFloodPlan,
  LoadPlan,
  TcpStormPlan,
} from './load/plan.js';
export type {
  Operation,
  OperationInfo,
  Traffic,
  TrafficContext,
  TrafficProbe,
  TrafficScript,
} from './load/script/traffic.js';
export type { StubUpstreamPlan } from './load/upstream-plan.js';
export { readFaultCatalogue } from './process/fault-catalogue.js';
export { readScenario } from './run/read-scenario.js';
export { resolveWatch, type WatchOptions } from './run/resolve-watch.js';
export { type ResolvedRun, type RunOptions, resolveRun } from './run/run-options.js';
export { type RunContext, runScenario } from './run/run-scenario.js';
export {
  defineScenario,
  type HttpRequest,
  type HttpVersion,
  type LoadChoices,
  type NodeTerms,
  type Scenario,
  type ScenarioScript,
  type TomlTable,
} from './run/scenario.js';
export { SERVER_BUDGETS } from './run/server-budgets.js';
export type { RunProgress, RunSinks } from './run/sinks.js';
export { BUILT_IN, type TargetSpec } from './run/target-spec.js';
export { judge } from './verdict/judge.js';
