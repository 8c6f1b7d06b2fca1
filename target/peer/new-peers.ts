import type { Endpoint } from '../endpoint.js';
import { formatEndpoint } from '../endpoint.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';

/** Addresses that peers told of, to be dialled one after the other. */
export interface NewPeers {
  /** As many addresses of one message are looked at. */
  readonly mostAtOnce: number;
  /** Enters addresses that the peer at `from` told of. */
  offer(addresses: readonly Endpoint[], from: string): void;
  /** Lets go of the next address to dial and returns it; null when there is none. */
  take(): Endpoint | null;
  size(): StructureSize;
}

/** Name under which `/health` lists them, whichever implementation is in use; seed 000's. */
export const NEW_PEERS_STRUCTURE = 'new_peers';

/** One teller may fill this part of the list: ten that lie leave nothing to those that do not, nine leave a tenth. */
const SHARES = 10;
/** As many addresses are taken of one message: ALFIS itself sends at most 10, and its later versions ignore more. */
const MAX_TOLD_ADDRESSES = 15;

interface Told {
  readonly endpoint: Endpoint;
  readonly from: string;
}

/**
 * The node's list of addresses: first in, first out, each once, bounded as a whole and for each peer that tells, by its
 * IP address. Whoever has told its share drives out its own oldest ones. (Seed 000's fix means to drop the oldest too,
 * but its list is sorted at every dial, so that it drops the lowest address.)
 */
export class SharedNewPeers implements NewPeers {
  readonly mostAtOnce = MAX_TOLD_ADDRESSES;
  private readonly limit: number;
  private readonly share: number;
  private readonly told = new Map<string, Told>();
  private readonly counts = new Map<string, number>();

  constructor(limit: number) {
    this.limit = limit;
    this.share = Math.max(1, Math.floor(limit / SHARES));
  }

  offer(addresses: readonly Endpoint[], from: string): void {
    for (const endpoint of addresses) {
      const key = formatEndpoint(endpoint);
      if (this.told.has(key)) continue;
      if ((this.counts.get(from) ?? 0) >= this.share) this.removeOldest((each) => each.from === from);
      else if (this.told.size >= this.limit) this.removeOldest(() => true);
      this.told.set(key, { endpoint, from });
      this.counts.set(from, (this.counts.get(from) ?? 0) + 1);
    }
  }

  take(): Endpoint | null {
    return this.removeOldest(() => true)?.endpoint ?? null;
  }

  size(): StructureSize {
    return countedStructure(NEW_PEERS_STRUCTURE, this.told.size, this.limit);
  }

  private removeOldest(isChosen: (told: Told) => boolean): Told | null {
    for (const [key, told] of this.told) {
      if (!isChosen(told)) continue;
      this.told.delete(key);
      const left = (this.counts.get(told.from) ?? 1) - 1;
      if (left === 0) this.counts.delete(told.from);
      else this.counts.set(told.from, left);
      return told;
    }
    return null;
  }
}
