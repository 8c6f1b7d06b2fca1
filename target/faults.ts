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
  /** The metric that shows it, or comes nearest to it. */
  readonly metric: string;
  /** The finding about the service that shows it although no metric grows without end; null where the metric does. */
  readonly finding: string | null;
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
    finding: null,
    retainer: 'UnboundedDnsCache.names',
  },
  {
    id: 'dns-record-sets',
    system: 'ALFIS',
    leak: 'A2',
    structure:
      'records of one name: one that differs in its TTL or letter case is kept beside the others for ever',
    trigger: 'queries for the same names after each expiry, at an upstream whose TTLs differ each time',
    metric: 'live-heap',
    finding: null,
    retainer: 'RecordSetCache.sets',
  },
  {
    id: 'dns-tcp-queue',
    system: 'ALFIS',
    leak: 'A3',
    structure: 'queues of TCP connections in front of workers that wait for a query without a time-out',
    trigger: 'more silent TCP clients than workers (threads), then any connections',
    metric: 'fds',
    finding: null,
    retainer: 'TcpWorker.queue',
  },
  {
    id: 'dns-udp-queue',
    system: 'ALFIS',
    leak: 'A4',
    structure: 'queue of UDP queries in front of workers that are busy until the answer is there',
    trigger: 'more uncached queries than workers (threads) divided by the time that the upstream takes',
    metric: 'live-heap',
    finding: null,
    retainer: 'UnboundedWorkerQueue.arrived',
  },
  {
    id: 'worker-death',
    system: 'ALFIS',
    leak: 'A15',
    structure: 'nothing grows: TCP workers end at the first error, until none is left to answer',
    trigger: 'as many TCP connections that end early or carry no query as there are workers (threads)',
    metric: 'fds',
    finding: 'answers-missing',
    retainer: 'MortalWorkers.alive',
  },
  {
    id: 'cname-results',
    system: 'ALFIS',
    leak: 'A8',
    structure: 'answers kept while the aliases of one answer are followed, all of them, ten deep',
    trigger: 'queries for names of a zone in which each name has several aliases without their targets',
    metric: 'live-heap',
    finding: 'level-exceeded',
    retainer: 'UnboundedChaseResults.all',
  },
  {
    id: 'dns-in-flight',
    system: 'ALFIS',
    leak: 'A14',
    structure: 'table of upstream queries: a timed-out query leaves its entry, timer and closure behind',
    trigger: 'queries that the upstream does not answer within forward_timeout_sec',
    metric: 'live-heap',
    finding: null,
    retainer: 'TimerPerQueryTable.queries',
  },
  {
    id: 'domain-info-cache',
    system: 'ALFIS',
    leak: 'A9',
    structure: 'data of domains from the zone file, cached for five seconds and kept when they are over',
    trigger: 'queries for many domains that the zone file knows',
    metric: 'live-heap',
    finding: null,
    retainer: 'UnboundedDomainInfo.domains',
  },
  {
    id: 'per-query-clients',
    system: 'ALFIS',
    leak: 'A10',
    structure: 'network clients for delegated domains: two sockets and a timer for every query',
    trigger: 'queries for a domain of the zone file whose name servers do not answer',
    metric: 'fds',
    finding: 'level-exceeded',
    retainer: 'PerQueryClients.clients',
  },
  {
    id: 'tcp-fallback-stall',
    system: 'ALFIS',
    leak: 'A11',
    structure:
      'connections to an upstream that cut its answer short: no time-out, so a silent one is kept for ever',
    trigger: 'queries whose answer comes with TC from an upstream that accepts TCP and says nothing',
    metric: 'fds',
    finding: null,
    retainer: 'StallingExchange.stalled',
  },
  {
    id: 'doh-body',
    system: 'ALFIS',
    leak: 'A18',
    structure: 'bodies of DNS over HTTP, read to their end without a limit',
    trigger: 'POST requests of many megabytes to the DoH server, or such responses of a forwarder over HTTPS',
    metric: 'external',
    finding: 'level-exceeded',
    retainer: 'UnboundedBodies.chunks',
  },
  {
    id: 'name-decompression',
    system: 'ALFIS',
    leak: 'A16',
    structure: 'text of a name in a query, whose compression pointers are followed without a limit',
    trigger: 'one UDP query whose name ends in a pointer back to itself',
    metric: 'live-heap',
    finding: 'service-stopped',
    retainer: 'LoopingNames.growing',
  },
  {
    id: 'debug-log',
    system: 'ALFIS',
    leak: 'A17',
    structure: 'debug log on disk: a line for every ten lookups and every store, in a file that nothing cuts',
    trigger: 'any queries',
    metric: 'io-write',
    finding: null,
    retainer: 'EndlessDebugLog.file',
  },
  {
    id: 'future-blocks',
    system: 'ALFIS',
    leak: 'A5',
    structure:
      'blocks beyond the next one, kept unproven and unasked until the chain is as high as anybody claims',
    trigger: 'blocks of any content with invented indexes, best after a Ping that claims an endless height',
    metric: 'live-heap',
    finding: null,
    retainer: 'UnboundedFutureBlocks.blocks',
  },
  {
    id: 'seen-blocks',
    system: 'ALFIS',
    leak: 'A6',
    structure: 'hashes that blocks claimed to have, kept before anything about the block is looked at',
    trigger: 'blocks of any content with invented hashes',
    metric: 'live-heap',
    finding: null,
    retainer: 'UnboundedSeenBlocks.hashes',
  },
  {
    id: 'new-peers',
    system: 'ALFIS',
    leak: 'A7',
    structure: 'addresses that peers told of, searched from end to end for each new one',
    trigger: 'Peers messages with ever new addresses, asked for or not',
    metric: 'live-heap',
    finding: null,
    retainer: 'UnboundedNewPeers.addresses',
  },
  {
    id: 'inbound-peers',
    system: 'ALFIS',
    leak: 'A12',
    structure: 'connections from other nodes, without a limit in total or for one address',
    trigger: 'connections that shake hands and answer pings',
    metric: 'fds',
    finding: null,
    retainer: 'UnboundedInboundPeers.peers',
  },
  {
    id: 'banned-ips',
    system: 'ALFIS',
    leak: 'A13',
    structure: 'addresses that are banned, for ten minutes each and without a limit',
    trigger: 'peers from ever new addresses that name another chain or send a bad block',
    metric: 'live-heap',
    finding: null,
    retainer: 'UnboundedBans.ignored',
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
      `  shown by ${entry.finding ?? entry.metric}, held by ${entry.retainer}\n`,
  ).join('\n');
}
