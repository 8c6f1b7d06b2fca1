import type { MadeChain } from './chain/make-chain.js';
import type { U64 } from './wire/message.js';

/** What the honest peers have seen of a target's synchronisation; totals since it began. */
export interface SyncProgress {
  /** Blocks asked for, each time counted. */
  readonly requests: number;
  /** Of those, blocks that had been asked for before. */
  readonly again: number;
  /** Requests that were never answered, on purpose. */
  readonly lost: number;
  /** Blocks sent. */
  readonly served: number;
  /** The last height that the target told in a Pong or a Ping; null before the first. */
  readonly height: U64 | null;
  /** Hash of its last block; null before the first Pong or Ping. */
  readonly tip: string | null;
}

/** Keeps the figures of a synchronisation; its memory is one byte per block. */
export interface SyncRecord {
  asked(index: U64): void;
  lost(): void;
  served(): void;
  told(height: U64, tip: string): void;
  progress(): SyncProgress;
}

export function createSyncRecord(chain: MadeChain): SyncRecord {
  const wasAsked = new Uint8Array(chain.height + 1);
  const counts = { requests: 0, again: 0, lost: 0, served: 0 };
  let latest: { readonly height: U64 | null; readonly tip: string | null } = { height: null, tip: null };
  return {
    asked(index) {
      const place = Number(index);
      counts.requests++;
      if (wasAsked[place] === 1) counts.again++;
      else if (place < wasAsked.length) wasAsked[place] = 1;
    },
    lost() {
      counts.lost++;
    },
    served() {
      counts.served++;
    },
    told(height, tip) {
      latest = { height, tip };
    },
    progress: () => ({ ...counts, ...latest }),
  };
}

/** The figures for people, e.g. `2 130 requests for 2000 blocks (130 again, 104 lost on purpose)`. */
export function describeProgress({ requests, again, lost }: SyncProgress, chain: MadeChain): string {
  return `${requests} requests for ${chain.height} blocks (${again} again, ${lost} lost on purpose)`;
}
