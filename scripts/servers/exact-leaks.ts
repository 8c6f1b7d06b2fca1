/** Servers that leak at an exact rate per minute, whatever the load: the rungs of the detection ladder. */
import { openSync } from 'node:fs';
import type { Leak } from './behaviours.js';

/** How often bytes are added; between two collections many times, so that the rate shows no steps. */
const BYTES_EVERY_MS = 100;

/** A link of the chain: three words of the object and two of the string's head, on 64 bits with full pointers. */
interface Link {
  readonly next: Link | null;
  readonly text: string;
}
const LINK_BYTES = 56;

/** Links hold at most so much, so that they live in ordinary pages of the heap. */
const LARGEST_LINK_BYTES = 64 * 1024;

export const EXACT_LEAKS: Readonly<Record<string, Leak>> = {
  'exact-heap': {
    leaks: 'live-heap',
    summary: 'keeps so many bytes a minute in a chain of strings: no table that doubles',
    start: (bytesPerMin) => {
      let chain: Link | null = null;
      const bornMs = performance.now();
      let kept = 0;
      setInterval(() => {
        const due = ((performance.now() - bornMs) / 60_000) * bytesPerMin;
        while (due - kept >= 2 * LINK_BYTES) {
          const size = Math.min(LARGEST_LINK_BYTES, Math.floor((due - kept) / 8) * 8);
          chain = { next: chain, text: Buffer.alloc(size - LINK_BYTES, 'x').toString('latin1') };
          kept += size;
        }
      }, BYTES_EVERY_MS);
      return () => void chain;
    },
  },
  'exact-fds': {
    leaks: 'fds',
    summary: 'opens so many files a minute and never closes one',
    start: (fdsPerMin) => {
      setInterval(() => openSync('/dev/null', 'r'), 60_000 / fdsPerMin);
      return () => undefined;
    },
  },
};
