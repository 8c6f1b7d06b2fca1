import { defineScenario } from '../harness/index.js';
import { dnsNode, nodeConfig } from './dns-node.js';
import { ZONE_FILE, zoneFile, zoneOf } from './zone-file.js';

/** A domain of the zone file whose name servers answer nobody: what does a query for it hold, and for how long? */
export const delegatedFlood = defineScenario({
  name: 'delegated-flood',
  summary:
    'DNS over UDP for a domain of the zone file whose name servers are silent: what does a query hold?',
  exposes: ['per-query-clients'],
  defaults: { durationMs: 60_000, ratePerSec: 50, zone: 'leak-soak.test', drivers: 1 },
  ...dnsNode({
    dns: {},
    acceptedRcodes: ['NOERROR', 'SERVFAIL'],
    upstream: { loss: 1 },
    ofNode: {
      // Two sockets for each of 50 queries a second, for five seconds and a half, are 550; shared ones are a few.
      levels: { fds: 150 },
      files: ({ upstream, zone }) => zoneFile(zone, [{ name: domainOf(zone), name_servers: [upstream] }]),
    },
  }),
  targetConfig: ({ upstream, folder }) =>
    nodeConfig(upstream, { forward_timeout_sec: 1, zone_file: `${folder}/${ZONE_FILE}` }),
});

/** The domain right below a zone of the file in which the names of the load lie. */
function domainOf(zone: string): string {
  return `${zone.split('.').at(-2) ?? 'leak-soak'}.${zoneOf(zone)}`;
}
