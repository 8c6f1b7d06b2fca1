import { BlockList, isIPv6 } from 'node:net';
import { type Endpoint, isLoopback } from '../endpoint.js';

/** Whom the node has to do with: `loopback` for a rig on one machine, `everywhere` for the world. */
export type Reach = 'loopback' | 'everywhere';

/** Addresses that mean another machine to everybody (RFC 1918, 3927, 4193, 4291 and 6890). */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv6');
}

/** True when an address that a stranger told of may be dialled. In the world, no stranger sends the node into a network of its own. */
export function mayDial(endpoint: Endpoint, reach: Reach): boolean {
  if (endpoint.port === 0) return false;
  if (reach === 'loopback') return isLoopback(endpoint);
  const family = isIPv6(endpoint.address) ? 'ipv6' : 'ipv4';
  return !isLoopback(endpoint) && !PRIVATE.check(endpoint.address, family);
}
