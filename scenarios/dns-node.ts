import type { DnsUdpFloodPlan, Scenario, TargetConfig } from '../harness/index.js';

const MIB = 1024 * 1024;

/** What every scenario on the DNS node has in common, and what each one sets for itself. */
export interface DnsNodeScenario {
  /** Settings under `[dns]` besides addresses. */
  readonly dns: Readonly<Record<string, number>>;
  readonly acceptedRcodes: DnsUdpFloodPlan['acceptedRcodes'];
  /** Part of the names that the upstream never answers. */
  readonly loss: number;
}

/** Growth that a node without a leak stays far below: its live heap moves by some 100 KiB/min. */
const BUDGETS = {
  'live-heap': 1 * MIB,
  external: 1 * MIB,
  'array-buffers': 1 * MIB,
  fds: 1,
  threads: 1,
} as const;

/** A flood of new names over UDP, through the node, to the load process's own upstream. */
export function dnsNode(
  own: DnsNodeScenario,
): Pick<Scenario, 'budgets' | 'overload' | 'targetConfig' | 'load'> {
  return {
    budgets: BUDGETS,
    overload: false,
    targetConfig: (upstream): TargetConfig => ({
      dns: { listen: '127.0.0.1:0', forwarders: [upstream], cache_cleanup_interval_sec: 5, ...own.dns },
      ops: { listen: '127.0.0.1:0' },
    }),
    load: ({ ratePerSec, zone, seed }) => ({
      kind: 'dns-udp-flood',
      ratePerSec,
      zone,
      seed,
      timeoutMs: 3_000,
      acceptedRcodes: own.acceptedRcodes,
      upstream: { zones: [zone], ttlSec: 3600, latencyMs: 0, loss: own.loss, silent: false },
    }),
  };
}
