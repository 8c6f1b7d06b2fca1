import type { Counters } from './counters.js';
import type { ChainHealth, Health } from './health-report.js';
import type { StructureSize } from './structure.js';

/** Media type of the text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** How a query can end. The labels are fixed: traffic cannot add a series. */
const OUTCOMES: readonly (readonly [label: string, counter: keyof Counters])[] = [
  ['cache-hit', 'cacheHits'],
  ['cache-miss', 'cacheMisses'],
  ['joined', 'joined'],
  ['failure-hit', 'failureHits'],
  ['rejected', 'rejected'],
];
/** Why something was dropped, refused or given up. */
const DROPS: readonly (readonly [label: string, counter: keyof Counters])[] = [
  ['unreadable', 'dropped'],
  ['shed', 'shed'],
  ['unsent', 'unsent'],
  ['tcp-refused', 'tcpRefused'],
  ['tcp-evicted', 'tcpEvicted'],
  ['tcp-timed-out', 'tcpTimedOut'],
  ['upstream-unmatched', 'upstreamUnmatched'],
  ['upstream-case-mismatch', 'upstreamCaseMismatches'],
];
const TOTALS: readonly (readonly [name: string, help: string, counter: keyof Counters])[] = [
  ['messages_received_total', 'Messages from clients', 'received'],
  ['tcp_connections_total', 'TCP connections taken', 'tcpAccepted'],
  ['upstream_timeouts_total', 'Upstream attempts without an answer in time', 'upstreamTimeouts'],
  ['upstream_failures_total', 'Upstream attempts that failed', 'upstreamFailures'],
  ['internal_errors_total', 'Errors caught on the way of a query', 'internalErrors'],
];
const PREFIX = 'leak_soak_node_';

/** What `/health` says, in Prometheus text format. A reading that does not exist has no line. */
export function metricsText({ uptime_sec, structures, counters, chain }: Health): string {
  const total = (help: string, name: string, label: string, table: typeof DROPS): string =>
    family(
      name,
      'counter',
      help,
      table.map(([value, key]) => [`{${label}="${value}"}`, counters[key]]),
    );
  return [
    family('uptime_seconds', 'gauge', 'Time since the start', [['', uptime_sec]]),
    sizes('structure_entries', 'Entries of a long-lived collection', structures, ({ entries }) => entries),
    sizes(
      'structure_bytes',
      'Bytes of a long-lived collection, as accounted',
      structures,
      ({ bytes }) => bytes,
    ),
    sizes('structure_limit', 'Bound, in bytes where those are known', structures, ({ limit }) => limit),
    total('Queries by outcome', 'queries_total', 'outcome', OUTCOMES),
    total('What was dropped, refused or given up', 'drops_total', 'reason', DROPS),
    ...TOTALS.map(([name, help, key]) => family(name, 'counter', help, [['', counters[key]]])),
    ...(chain === undefined ? [] : chainFamilies(chain)),
  ].join('');
}

function chainFamilies({ height, max_height, peers, counters }: ChainHealth): string[] {
  const events = Object.entries(counters).map(
    ([key, count]) =>
      [`{event="${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}"}`, count] as const,
  );
  return [
    family('chain_height', 'gauge', 'Blocks in the chain', [['', height]]),
    family('chain_max_height', 'gauge', 'Blocks in the highest chain that a peer which delivers claims', [
      ['', max_height],
    ]),
    family('peers', 'gauge', 'Peers that have shaken hands', [['', peers]]),
    family('peer_events_total', 'counter', 'What happened with peers and blocks', events),
  ];
}

function sizes(
  name: string,
  help: string,
  structures: readonly StructureSize[],
  read: (structure: StructureSize) => number | null,
): string {
  const samples = structures.map((each) => [`{structure="${each.name}"}`, read(each)] as const);
  return family(name, 'gauge', help, samples);
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly (readonly [labels: string, value: number | null])[],
): string {
  const lines = samples.flatMap(([labels, value]) =>
    value === null ? [] : `${PREFIX}${name}${labels} ${value}\n`,
  );
  return `# HELP ${PREFIX}${name} ${help}.\n# TYPE ${PREFIX}${name} ${type}\n${lines.join('')}`;
}
