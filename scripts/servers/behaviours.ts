/**
 * What the study's servers do with a request besides answering it: ordinary code of ordinary services, some of it
 * leaking. Each behaviour is made anew when its server starts.
 */
import { EventEmitter } from 'node:events';
import { openSync } from 'node:fs';

/** Takes the number of the request, from 0. */
export type Behaviour = (sequence: number) => void;

export interface Leak {
  /** The metric that must fail; null for a server that does not leak. */
  readonly leaks: 'live-heap' | 'array-buffers' | 'fds' | null;
  readonly summary: string;
  /** @param parameter half of the planned run in milliseconds, for what depends on the time */
  readonly start: (parameter: number) => Behaviour;
}

/** One descriptor in so many requests: 5 a second at the study's rate stay below any limit for ten minutes. */
const REQUESTS_PER_DESCRIPTOR = 30;

const record = (sequence: number, bytes: number): { id: number; text: string } => ({
  id: sequence,
  // A flat string of its own, as a parsed request leaves behind; `repeat` alone would share its halves.
  text: Buffer.alloc(bytes, `${sequence}.`).toString('latin1'),
});

const filled = (bytes: number): Buffer => Buffer.allocUnsafeSlow(bytes).fill(1);
const anyIndex = (list: readonly unknown[]): number => Math.floor(Math.random() * list.length);

export const BEHAVIOURS: Readonly<Record<string, Leak>> = {
  clean: {
    leaks: null,
    summary: 'forgets every request',
    start: () => (sequence) => void record(sequence, 1_000),
  },
  'filling-lru': {
    leaks: null,
    summary: 'a cache of 3 600 answers of 1 KB, full in the middle of the run',
    start: () => {
      const cache = new Map<number, unknown>();
      return (sequence) => {
        cache.set(sequence, record(sequence, 1_000));
        if (cache.size > 3_600) cache.delete(cache.keys().next().value as number);
      };
    },
  },
  'periodic-clear': {
    leaks: null,
    summary: 'keeps everything and clears it every eight seconds',
    start: () => {
      const kept: unknown[] = [];
      setInterval(() => {
        kept.length = 0;
      }, 8_000);
      return (sequence) => void kept.push(record(sequence, 1_000));
    },
  },
  fragmentation: {
    leaks: null,
    summary: 'lets ten of 1 500 buffers of 1 to 64 KB trade sizes: RSS wanders, the sum never changes',
    start: () => {
      const pool = Array.from({ length: 1_500 }, () => filled(Math.floor(1_024 * 64 ** Math.random())));
      return () => {
        for (let i = 0; i < 5; i++) {
          const [a, b] = [anyIndex(pool), anyIndex(pool)];
          const sizes = [(pool[b] as Buffer).length, (pool[a] as Buffer).length] as const;
          pool[a] = filled(sizes[0]);
          pool[b] = filled(sizes[1]);
        }
      };
    },
  },
  'leak-100-bytes': {
    leaks: 'live-heap',
    summary: 'keeps some 100 bytes of each request',
    start: () => {
      const kept: unknown[] = [];
      return (sequence) => void kept.push(record(sequence, 64));
    },
  },
  'leak-1-kilobyte': {
    leaks: 'live-heap',
    summary: 'keeps a kilobyte of each request',
    start: () => {
      const kept: unknown[] = [];
      return (sequence) => void kept.push(record(sequence, 1_000));
    },
  },
  'late-leak': {
    leaks: 'live-heap',
    summary: 'keeps 2 KB of each request from the middle of the run on',
    start: (halfTimeMs) => {
      const kept: unknown[] = [];
      const bornMs = performance.now();
      return (sequence) => {
        if (performance.now() - bornMs > halfTimeMs) kept.push(record(sequence, 2_000));
      };
    },
  },
  'buffer-leak': {
    leaks: 'array-buffers',
    summary: 'keeps a 9 KB buffer of each request',
    start: () => {
      const kept: Buffer[] = [];
      return (sequence) => void kept.push(Buffer.alloc(9_000, sequence & 0xff));
    },
  },
  'fd-leak': {
    leaks: 'fds',
    summary: `opens a file every ${REQUESTS_PER_DESCRIPTOR} requests and never closes it`,
    start: () => (sequence) => {
      if (sequence % REQUESTS_PER_DESCRIPTOR === 0) openSync('/dev/null', 'r');
    },
  },
  'timer-leak': {
    leaks: 'live-heap',
    summary: 'starts an interval for each request and never clears it',
    start: () => (sequence) => {
      const context = record(sequence, 200);
      setInterval(() => context.id++, 3_600_000);
    },
  },
  'listener-leak': {
    leaks: 'live-heap',
    summary: 'adds a listener for each request and never removes it',
    start: () => {
      const bus = new EventEmitter().setMaxListeners(0);
      return (sequence) => {
        const context = record(sequence, 200);
        bus.on('change', () => context.id++);
      };
    },
  },
};
