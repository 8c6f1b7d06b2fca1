import { describe, expect, it } from 'vitest';
import { liveHeapBytes } from '../fixtures/live-heap.js';
import { addressAnswer, query } from '../fixtures/messages.js';
import { UnboundedDnsCache } from './unbounded-cache.js';

const NAMES = 5000;

describe('UnboundedDnsCache', () => {
  it('answers like the bounded one: by name and type, until the TTL has run out', () => {
    let now = 0;
    const cache = new UnboundedDnsCache(() => now);
    cache.store(query('a.test').key, addressAnswer('a.test', 60));
    expect(cache.lookup(query('A.test').key)?.answer.ttlSec).toBe(60);
    expect(cache.lookup(query('a.test', 'TXT').key)).toBeNull();
    now = 60_000;
    expect(cache.lookup(query('a.test').key)).toBeNull();
  });

  it('keeps every name for ever, at more than 300 bytes of live heap each', () => {
    let now = 0;
    const cache = new UnboundedDnsCache(() => now);
    const before = liveHeapBytes();
    for (let index = 0; index < NAMES; index += 1) {
      cache.store(query(`n${index}.test`).key, addressAnswer(`n${index}.test`, 1));
      now += 100;
    }
    expect(cache.size()).toEqual({ name: 'dns-cache', entries: NAMES, bytes: null, limit: null, fill: null });
    expect((liveHeapBytes() - before) / NAMES).toBeGreaterThan(300);
    cache.close();
  });
});
