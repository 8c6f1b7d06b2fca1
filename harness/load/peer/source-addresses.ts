import type { LoopbackAddress } from '../loopback-address.js';

/**
 * Who connects; a `lodger` is an attacker that behaves and stays. Each has a part of 127.0.0.0/8 of its own: a target
 * that bans an attacker's address bans nobody else.
 */
export type PeerRole = 'probe' | 'honest' | 'liar' | 'lodger' | 'attacker';

/** Second octet of a role's first address, and how many addresses it has: a /16, and a /10 for attackers. */
const RANGES: Readonly<Record<PeerRole, { readonly second: number; readonly count: number }>> = {
  honest: { second: 1, count: 2 ** 16 },
  probe: { second: 2, count: 2 ** 16 },
  liar: { second: 3, count: 2 ** 16 },
  lodger: { second: 4, count: 2 ** 16 },
  attacker: { second: 64, count: 2 ** 22 },
};

/**
 * The addresses that connections of a role come from, one after the other and then again. Null where an address cannot
 * be chosen: towards another machine, over IPv6, and where only 127.0.0.1 is there (anywhere but on Linux).
 *
 * @param count use so many of them only
 */
export function sourceAddresses(
  role: PeerRole,
  to: LoopbackAddress,
  count = RANGES[role].count,
): () => string | null {
  if (!to.host.startsWith('127.') || process.platform !== 'linux') return () => null;
  const { second } = RANGES[role];
  const last = Math.min(count, RANGES[role].count - 1);
  let k = 0;
  return () => {
    k = k === last ? 1 : k + 1;
    return `127.${second + (k >> 16)}.${(k >> 8) & 0xff}.${k & 0xff}`;
  };
}
