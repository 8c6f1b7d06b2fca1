import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';

/** Addresses with which the node has nothing to do for a while. */
export interface BannedIps {
  ban(address: string): void;
  has(address: string): boolean;
  size(): StructureSize;
}

/** How long a ban lasts, as in ALFIS. */
export const BAN_MS = 600_000;
/** Name under which `/health` lists them, whichever implementation is in use. */
export const BANNED_STRUCTURE = 'banned_ips';

/** The node's bans: the newest ones up to a limit. IPv6 addresses count by their /64, of which anybody has 2^64. */
export class RecentBans implements BannedIps {
  private readonly limit: number;
  private readonly clock: Clock;
  /** Ends of bans, in their order. */
  private readonly ends = new Map<string, number>();

  constructor(limit: number, clock: Clock) {
    this.limit = limit;
    this.clock = clock;
  }

  ban(address: string): void {
    const key = networkOf(address);
    this.ends.delete(key);
    this.ends.set(key, this.clock() + BAN_MS);
    this.removeOver();
  }

  has(address: string): boolean {
    this.removeOver();
    return this.ends.has(networkOf(address));
  }

  size(): StructureSize {
    return countedStructure(BANNED_STRUCTURE, this.ends.size, this.limit);
  }

  private removeOver(): void {
    const now = this.clock();
    for (const [key, end] of this.ends) {
      if (end > now && this.ends.size <= this.limit) return;
      this.ends.delete(key);
    }
  }
}

/** The first four groups of an IPv6 address, an IPv4 address as it is. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
