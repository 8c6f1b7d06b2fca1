import { defineScenario } from '../harness/index.js';
import { dnsNode, nodeConfig } from './dns-node.js';
import { ZONE_FILE, zoneFile, zoneOf } from './zone-file.js';

/** Every domain of the zone file has this address. */
const ADDRESS = '10.1.2.3';
const DOMAINS = 10_000_000;

/** Many domains of the zone file, each asked for once: what is remembered of a domain that nobody asks for again? */
export const domainLookups = defineScenario({
  name: 'domain-lookups',
  summary: 'DNS over UDP for ever new domains of the zone file: is what was read of them forgotten?',
  exposes: ['domain-info-cache'],
  defaults: { durationMs: 60_000, ratePerSec: 1_000, zone: 'test', drivers: 1 },
  ...dnsNode({
    dns: {},
    acceptedRcodes: ['NOERROR'],
    questions: { kind: 'numbered', count: DOMAINS },
    answers: { address: ADDRESS },
    ofNode: {
      probeAddress: ADDRESS,
      files: ({ zone }) =>
        zoneFile(
          zone,
          ['d{n}', 'probe-{n}'].map((name) => ({
            name: `${name}.${zoneOf(zone)}`,
            count: DOMAINS,
            records: [{ type: 'A', data: ADDRESS }],
          })),
        ),
    },
  }),
  // About 2 000 domains of 270 bytes: full after two seconds.
  targetConfig: ({ upstream, folder }) =>
    nodeConfig(upstream, {
      domain_info_cache_max_memory_mb: 0.5,
      zone_file: `${folder}/${ZONE_FILE}`,
    }),
});
