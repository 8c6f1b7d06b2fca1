import { BlockList, isIPv6 } from 'node:net';
import type { TtlCaps } from '../dns/answer.js';
import { ROOT } from '../dns/relevance.js';
import type { Upstream } from '../dns/upstream.js';
import type { Endpoint } from '../endpoint.js';
import { Recursion, type RecursionDeps } from './recursion.js';

/** What the recursion follows from, named as in the file. */
export interface RecursionSettings {
  readonly roots: readonly Endpoint[];
  readonly name_server_port: number;
  readonly forward_timeout_sec: number;
  readonly max_in_flight: number;
}

/** Addresses that mean this machine: loopback and unspecified; IPv4 in the form of IPv6 is checked as IPv4. */
const THIS_MACHINE = new BlockList();
THIS_MACHINE.addSubnet('127.0.0.0', 8, 'ipv4');
THIS_MACHINE.addSubnet('0.0.0.0', 8, 'ipv4');
THIS_MACHINE.addSubnet('::', 127, 'ipv6');

/** A question may take so many times as long as one server, so that it survives servers that are down. */
const SERVERS_PER_QUESTION = 4;

/** The recursion from these roots. This machine is asked only if it is a root itself: a delegation to it comes from outside. */
export function createRecursion(
  settings: RecursionSettings,
  ttlCaps: TtlCaps,
  deps: RecursionDeps,
): Upstream {
  const { roots, name_server_port: port } = settings;
  const byAddress = new Map(roots.map((root) => [root.address, root]));
  const mayAskThisMachine = roots.some(({ address }) => isThisMachine(address));
  const addresses = [...byAddress.keys()];
  return new Recursion(
    {
      root: { zone: ROOT, servers: [{ name: ROOT, addresses }], ttlSec: 0 },
      endpointOf: (address, zone) =>
        (zone === ROOT ? byAddress.get(address) : undefined) ?? { address, port },
      isAllowed: (address) => mayAskThisMachine || !isThisMachine(address),
      timeMs: settings.forward_timeout_sec * 1000 * SERVERS_PER_QUESTION,
      limit: settings.max_in_flight,
      ttlCaps,
    },
    deps,
  );
}

/** True for addresses that reach this machine, however they are written. */
export function isThisMachine(address: string): boolean {
  return THIS_MACHINE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
