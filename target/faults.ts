/** One deliberate leak that the node can be started with, as `faults --json` prints it. */
export interface FaultEntry {
  /** Readable id, the value of `--fault`. */
  readonly id: string;
  /** The real system in which it was found. */
  readonly system: string;
  /** Its key in that system's list of leaks. */
  readonly leak: string;
  /** What grows. */
  readonly structure: string;
  /** What makes it grow. */
  readonly trigger: string;
  /** The metric that shows it. */
  readonly metric: string;
  /** The holder as a heap snapshot shows it: class and property. */
  readonly retainer: string;
}

/** Every fault of the node. A node started without any is what a good engineer would ship. */
export const FAULTS = [
  {
    id: 'dns-cache-names',
    system: 'ALFIS',
    leak: 'A1',
    structure: 'DNS cache: a map of names without a limit; expired entries are only ignored at lookup',
    trigger: 'queries for ever new names that resolve',
    metric: 'live-heap',
    retainer: 'UnboundedDnsCache.names',
  },
  {
    id: 'dns-in-flight',
    system: 'ALFIS',
    leak: 'A14',
    structure: 'table of upstream queries: a timed-out query leaves its entry, timer and closure behind',
    trigger: 'queries that the upstream does not answer within forward_timeout_sec',
    metric: 'live-heap',
    retainer: 'TimerPerQueryTable.queries',
  },
  {
    id: 'tcp-fallback-stall',
    system: 'ALFIS',
    leak: 'A11',
    structure:
      'connections to an upstream that cut its answer short: no time-out, so a silent one is kept for ever',
    trigger: 'queries whose answer comes with TC from an upstream that accepts TCP and says nothing',
    metric: 'fds',
    retainer: 'StallingExchange.stalled',
  },
  {
    id: 'doh-body',
    system: 'ALFIS',
    leak: 'A18',
    structure: 'bodies of DNS over HTTP, read to their end without a limit',
    trigger: 'POST requests to the DoH server with bodies of many megabytes',
    metric: 'external',
    retainer: 'UnboundedBodies.chunks',
  },
] as const satisfies readonly FaultEntry[];

/** Id of a fault in the catalogue. */
export type FaultId = (typeof FAULTS)[number]['id'];

/** True for an id of the catalogue. */
export function isFaultId(text: string): text is FaultId {
  return FAULTS.some((entry) => entry.id === text);
}

/** The catalogue for people: one block per fault. */
export function describeFaults(): string {
  return FAULTS.map(
    (entry) =>
      `${entry.id}  (${entry.system} ${entry.leak})\n` +
      `  grows    ${entry.structure}\n` +
      `  trigger  ${entry.trigger}\n` +
      `  shown by ${entry.metric}, held by ${entry.retainer}\n`,
  ).join('\n');
}
