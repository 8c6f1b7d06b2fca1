import { type DnsUdpFloodPlan, type Scenario, SERVER_BUDGETS, type TargetConfig } from '../harness/index.js';
import { dnsLoad } from './dns-load.js';

/** What every scenario on the DNS node has in common, and what each one sets for itself. */
export interface DnsNodeScenario {
  /** Settings under `[dns]` besides addresses. */
  readonly dns: Readonly<Record<string, number>>;
  readonly acceptedRcodes: DnsUdpFloodPlan['acceptedRcodes'];
  /** Part of the names that the upstream never answers. */
  readonly loss: number;
}

/** A flood of new names over UDP, through the node, to the load process's own upstream. */
export function dnsNode(
  own: DnsNodeScenario,
): Pick<Scenario, 'needs' | 'budgets' | 'overload' | 'closedModel' | 'targetConfig' | 'load'> {
  return {
    needs: ['dns'],
    budgets: SERVER_BUDGETS,
    overload: false,
    closedModel: true,
    targetConfig: (upstream): TargetConfig => ({
      dns: { listen: '127.0.0.1:0', forwarders: [upstream], cache_cleanup_interval_sec: 5, ...own.dns },
      ops: { listen: '127.0.0.1:0' },
    }),
    load: (choices) => ({
      kind: 'dns-udp-flood',
      ...dnsLoad(choices, own.acceptedRcodes),
      drivers: choices.drivers,
      upstream: choices.foreign
        ? null
        : { zones: [choices.zone], ttlSec: 3600, latencyMs: 0, loss: own.loss, silent: false },
    }),
  };
}
