/** Leaks of an exact rate per minute, whatever the load: what the detection ladder is built of. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { openSync } from 'node:fs';
import type { MetricName } from '../../../core/metric.js';

/** One way to leak at a rate. */
export interface ExactLeak {
  /** The metric that must show it. */
  readonly metric: MetricName;
  readonly summary: string;
  /** Begins to leak so much a minute, bytes or descriptors, and goes on as long as the process lives. */
  readonly start: (perMin: number) => void;
}

/** How often bytes are added; between two collections many times, so that the rate shows no steps. */
const EVERY_MS = 100;

/** A link of the chain: three words of the object and two of the string's head, on 64 bits with full pointers. */
interface Link {
  readonly next: Link | null;
  readonly text: string;
}
const LINK_BYTES = 56;

/** Links hold at most so much, so that they live in ordinary pages of the heap. */
const LARGEST_LINK_BYTES = 64 * 1024;

/** Large beside the object on the heap that holds it (some 200 bytes), small beside a minute's growth. */
const BUFFER_BYTES = 16 * 1024;
const KEY_BYTES = 64 * 1024;

export const EXACT_LEAKS = {
  heap: {
    metric: 'live-heap',
    summary: 'keeps strings in a chain: no table that doubles',
    start: (bytesPerMin) => {
      let chain: Link | null = null;
      leakBytes(bytesPerMin, 2 * LINK_BYTES, (dueBytes) => {
        const size = Math.min(LARGEST_LINK_BYTES, Math.floor(dueBytes / 8) * 8);
        chain = { next: chain, text: Buffer.alloc(size - LINK_BYTES, 'x').toString('latin1') };
        return size;
      });
    },
  },
  external: {
    metric: 'external',
    summary: 'keeps buffers of 16 KiB',
    start: (bytesPerMin) => {
      const kept: Buffer[] = [];
      leakBytes(bytesPerMin, BUFFER_BYTES, () => {
        kept.push(Buffer.alloc(BUFFER_BYTES, 1));
        return BUFFER_BYTES;
      });
    },
  },
  native: {
    metric: 'rss',
    // OpenSSL holds a copy of a secret key on the heap of C, of which V8 is told nothing; measured on Node 20: 66.3 KB of
    // RSS for each, 110 to 220 bytes of V8's heap, and nothing external.
    summary: 'keeps secret keys of 64 KiB, which live outside the V8 heap and its buffers',
    start: (bytesPerMin) => {
      const kept: KeyObject[] = [];
      const secret = Buffer.alloc(KEY_BYTES, 1);
      leakBytes(bytesPerMin, KEY_BYTES, () => {
        kept.push(createSecretKey(secret));
        return KEY_BYTES;
      });
    },
  },
  fd: {
    metric: 'fds',
    summary: 'opens files and never closes one',
    start: (fdsPerMin) => void setInterval(() => openSync('/dev/null', 'r'), 60_000 / fdsPerMin),
  },
} as const satisfies Record<string, ExactLeak>;

export type LeakName = keyof typeof EXACT_LEAKS;

/** Keeps the growth on its line through time: `keep` is told what is due, from `leastBytes` on, and says what it kept. */
function leakBytes(perMin: number, leastBytes: number, keep: (dueBytes: number) => number): void {
  const bornMs = performance.now();
  let kept = 0;
  setInterval(() => {
    const total = ((performance.now() - bornMs) / 60_000) * perMin;
    while (total - kept >= leastBytes) kept += keep(total - kept);
  }, EVERY_MS);
}
