import {
  type DnsUdpFloodPlan,
  type LoadChoices,
  type NodeTerms,
  type Scenario,
  SERVER_BUDGETS,
  type StubUpstreamPlan,
  type TomlTable,
} from '../harness/index.js';
import { dnsLoad } from './dns-load.js';

/** What every scenario on the DNS node has in common, and what each one sets for itself. */
export interface DnsNodeScenario {
  /** Settings under `[dns]` besides addresses. */
  readonly dns: Readonly<Record<string, number>>;
  readonly acceptedRcodes: DnsUdpFloodPlan['acceptedRcodes'];
  /** Where the upstream is not one that answers everything at once. */
  readonly upstream?: Partial<StubUpstreamPlan>;
  /** Its own instead of a new name with every question. */
  readonly questions?: DnsUdpFloodPlan['questions'];
  /** What NOERROR comes with, where it does not follow from the name. */
  readonly answers?: DnsUdpFloodPlan['answers'];
  readonly ofNode?: NodeTerms;
}

/** Every node is asked over both transports of DNS. */
const SERVICES = ['dns', 'dns-tcp'] as const;

/** A flood over UDP, through the node, to the load process's own upstream. */
export function dnsNode(
  own: DnsNodeScenario,
): Pick<Scenario, 'needs' | 'budgets' | 'overload' | 'closedModel' | 'targetConfig' | 'ofNode' | 'load'> {
  return {
    needs: ['dns'],
    budgets: SERVER_BUDGETS,
    overload: false,
    closedModel: true,
    targetConfig: ({ upstream }) => nodeConfig(upstream, own.dns),
    ofNode: { services: SERVICES, ...own.ofNode },
    load: (choices) => ({
      kind: 'dns-udp-flood',
      ...dnsLoad(choices, own.acceptedRcodes),
      ...(choices.questions === null && own.questions !== undefined ? { questions: own.questions } : {}),
      ...(choices.foreign || own.answers === undefined ? {} : { answers: own.answers }),
      drivers: choices.drivers,
      upstream: upstreamFor(choices, own.upstream),
    }),
  };
}

/** The node's settings: free ports, one upstream, and what is given under `[dns]`. */
export function nodeConfig(
  upstream: string,
  dns: Readonly<Record<string, string | number>> = {},
): { readonly dns: TomlTable; readonly ops: TomlTable } {
  return {
    dns: { listen: '127.0.0.1:0', forwarders: [upstream], cache_cleanup_interval_sec: 5, ...dns },
    ops: { listen: '127.0.0.1:0' },
  };
}

/** The load's own upstream: answers at once for the zone of the load, but for what is given; a foreign target asks none of ours. */
export function upstreamFor(
  { foreign, zone }: LoadChoices,
  changes: Partial<StubUpstreamPlan> = {},
): StubUpstreamPlan | null {
  if (foreign) return null;
  return { zones: [zone], ttlSec: 3600, latencyMs: 0, loss: 0, silent: false, ...changes };
}
