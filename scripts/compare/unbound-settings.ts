import { OTHER, ZONE } from './zone.js';

/** Larger datagrams than usual are asked for, and order must not change between two answers. */
const SIZES = [
  'max-udp-size: 4096',
  'edns-buffer-size: 4096',
  'rrset-roundrobin: no',
  'minimal-responses: no',
];
/** The unbound that has the data. */
export const AUTHORITY: readonly string[] = SIZES;
/** The unbound that the node is compared with. */
export const REFERENCE: readonly string[] = [
  ...SIZES,
  'do-not-query-localhost: no',
  'qname-minimisation: no',
  'cache-max-negative-ttl: 3600',
  'cache-max-ttl: 604800',
];

/** The two zones, served from files. */
export function authZones(folder: string): string {
  return [
    [ZONE, 'zone'],
    [OTHER, 'other'],
  ]
    .map(
      ([zone, file]) =>
        `auth-zone:\n  name: "${zone}."\n  zonefile: "${folder}/${file}"\n  for-upstream: no\n  for-downstream: yes\n  fallback-enabled: no\n`,
    )
    .join('');
}

/** Everything is asked of a resolver on this port. */
export function forwardTo(port: number): string {
  return `forward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@${port}\n`;
}
