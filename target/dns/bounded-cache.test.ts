import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveHeapBytes } from '../fixtures/live-heap.js';
import { addressAnswer, answer, query, soa, textAnswer } from '../fixtures/messages.js';
import type { Answer } from './answer.js';
import { DnsCache, entryBytes } from './bounded-cache.js';
import { cleanupLog } from './cleanup-log.js';

const CLEANUP_MS = 300_000;
let now = 0;
let cache: DnsCache;
const open = (maxBytes: number): DnsCache => {
  cache = new DnsCache({ maxBytes, cleanupIntervalMs: CLEANUP_MS }, () => now);
  return cache;
};
const keyOf = (name: string): string => query(name).key;

beforeEach(() => {
  now = 1000;
});
afterEach(() => {
  cache.close();
  vi.useRealTimers();
});

describe('DnsCache', () => {
  it('gives an answer back until its TTL has run out, and then removes it', () => {
    open(10_000).store(keyOf('a.test'), addressAnswer('a.test', 60));
    now += 59_999;
    expect(cache.lookup(keyOf('a.test'))).not.toBeNull();
    now += 1;
    expect(cache.lookup(keyOf('a.test'))).toBeNull();
    expect(cache.size()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('does not keep an answer with TTL 0', () => {
    open(10_000).store(keyOf('a.test'), addressAnswer('a.test', 0));
    expect(cache.size().entries).toBe(0);
  });

  it('evicts what was used least recently when the bytes run out', () => {
    const one = entryBytes(keyOf('a.test'), addressAnswer('a.test'));
    open(3 * one);
    for (const name of ['a.test', 'b.test', 'c.test']) cache.store(keyOf(name), addressAnswer(name));
    cache.lookup(keyOf('a.test'));
    cache.store(keyOf('d.test'), addressAnswer('d.test'));
    const kept = ['a.test', 'b.test', 'c.test', 'd.test'].filter(
      (name) => cache.lookup(keyOf(name)) !== null,
    );
    expect(kept).toEqual(['a.test', 'c.test', 'd.test']);
    expect(cache.size()).toMatchObject({ entries: 3, bytes: 3 * one, limit: 3 * one, fill: 1 });
  });

  it('counts the growth of an existing entry, and evicts others for it', () => {
    open(4000);
    for (const name of ['a.test', 'b.test', 'c.test']) cache.store(keyOf(name), addressAnswer(name));
    cache.store(keyOf('c.test'), textAnswer('c.test', 12));
    expect(cache.size()).toMatchObject({ entries: 2 });
    expect(cache.size().bytes).toBeLessThanOrEqual(4000);
    expect(cache.lookup(keyOf('a.test'))).toBeNull();
  });

  it('does not keep an answer larger than the whole limit, nor the older one that it replaces', () => {
    open(4000);
    cache.store(keyOf('a.test'), addressAnswer('a.test'));
    cache.store(keyOf('b.test'), addressAnswer('b.test'));
    cache.store(keyOf('a.test'), textAnswer('a.test', 30));
    expect(cache.lookup(keyOf('a.test'))).toBeNull();
    expect(cache.lookup(keyOf('b.test'))).not.toBeNull();
  });

  it('lets expired entries go by its own timer, without any query', async () => {
    vi.useFakeTimers();
    open(10_000_000);
    for (let index = 0; index < 2500; index += 1) {
      cache.store(keyOf(`n${index}.test`), addressAnswer('x.test', index % 5 === 0 ? 3600 : 60));
    }
    now += CLEANUP_MS;
    await vi.advanceTimersByTimeAsync(CLEANUP_MS + 10);
    expect(cache.size()).toMatchObject({ entries: 500 });
  });

  it('stays within its bytes and keeps its books over any mixture of use', () => {
    open(20_000);
    for (let step = 0; step < 20_000; step += 1) {
      const name = `n${(step * 7919) % 211}.test`;
      now += 97;
      if (step % 3 === 0) cache.lookup(keyOf(name));
      else
        cache.store(
          keyOf(name),
          step % 5 === 0 ? textAnswer(name, step % 4) : addressAnswer(name, 1 + (step % 50)),
        );
      expect(cache.size().bytes).toBeLessThanOrEqual(20_000);
    }
    now += 3_600_000;
    for (let index = 0; index < 211; index += 1) cache.lookup(keyOf(`n${index}.test`));
    expect(cache.size()).toMatchObject({ entries: 0, bytes: 0 });
  });
});

describe('a cleanup', () => {
  it('says how much memory went and what remains, and nothing when nothing went', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'setImmediate', 'clearInterval', 'clearImmediate'] });
    const lines: string[] = [];
    const log = {
      info: () => undefined,
      warn: (topic: string, line: string) => void lines.push(`${topic}: ${line}`),
    };
    const one = entryBytes(keyOf('n0.test'), addressAnswer('n0.test'));
    const onCleanup = cleanupLog(log, 'cache-cleanup', 'dns-cache');
    cache = new DnsCache({ maxBytes: 1000 * one, cleanupIntervalMs: CLEANUP_MS, onCleanup }, () => now);
    vi.advanceTimersByTime(CLEANUP_MS);
    vi.runAllTicks();
    expect(lines).toEqual([]);
    for (let index = 1000; index < 2500; index += 1) {
      const name = `n${index}.test`;
      cache.store(keyOf(name), addressAnswer(name, index < 2000 ? 60 : 600));
    }
    const { entries } = cache.size();
    now += 61_000;
    vi.advanceTimersByTime(CLEANUP_MS + 10);
    const left = cache.size();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`cache-cleanup: dns-cache cleanup: ${entries - left.entries} expired entries`);
    expect(lines[0]).toContain(
      `; ${left.entries} entries with ${((left.bytes ?? 0) / 2 ** 20).toFixed(2)} of `,
    );
    expect(lines[0]).toMatch(/, [1-9]\d* with 0\.\d\d MB gave way to newer ones;/);
  });
});

describe('accounted bytes', () => {
  const negative = (name: string): Answer => answer({ name, rcode: 3, authorities: [soa(300, 300)] });
  it.each<[string, number, (name: string) => Answer]>([
    ['names with one A record', 20_000, (name) => addressAnswer(name)],
    ['negative answers', 20_000, negative],
    ['sets of 30 TXT records', 1000, (name) => textAnswer(name, 30)],
  ])('are within 25 %% of live-heap growth for %s', (_what, count, make) => {
    open(1e9);
    // Compiled code and feedback of the way there are not the cache's.
    for (let index = 0; index < 500; index += 1) cache.store(keyOf(`w${index}.test`), make(`w${index}.test`));
    const bytesBefore = cache.size().bytes ?? 0;
    const heapBefore = liveHeapBytes();
    for (let index = 0; index < count; index += 1)
      cache.store(keyOf(`name${index}.test`), make(`name${index}.test`));
    const grown = liveHeapBytes() - heapBefore;
    const accounted = (cache.size().bytes ?? 0) - bytesBefore;
    expect(accounted / grown).toBeGreaterThan(0.75);
    expect(accounted / grown).toBeLessThan(1.25);
  });
});
