import { beforeEach, describe, expect, it } from 'vitest';
import { addressAnswer, answer, decode, query, soa } from '../fixtures/messages.js';
import type { AnswerCache } from './answer-cache.js';
import { ageSec } from './answer-cache.js';
import { DnsCache } from './bounded-cache.js';
import { RecordSetCache } from './record-set-cache.js';
import { writeAnswer } from './response.js';

const NAME = 'a.test';
const QUERY = query(NAME);
let now: number;
const clock = (): number => now;
beforeEach(() => {
  now = 0;
});

const served = (cache: AnswerCache) => {
  const cached = cache.lookup(QUERY.key);
  if (cached === null) return null;
  const out = Buffer.alloc(4096);
  const length = writeAnswer(out, { ...QUERY, maxBytes: 4096 }, cached.answer, ageSec(cached, now));
  return decode(out.subarray(0, length)).answers?.map((each) => [
    each.type,
    'ttl' in each && each.ttl,
    'data' in each && each.data,
  ]);
};
const refresh = (cache: AnswerCache, ttl: number): void => cache.store(QUERY.key, addressAnswer(NAME, ttl));

describe.each<[string, () => AnswerCache]>([
  ['RecordSetCache', () => new RecordSetCache(clock)],
  ['DnsCache', () => new DnsCache({ maxBytes: 100_000, cleanupIntervalMs: 1000 }, clock)],
])('%s', (_what, open) => {
  it('serves what is stored with its remaining TTL, until it expires', () => {
    const cache = open();
    refresh(cache, 30);
    now = 10_500;
    expect(served(cache)).toEqual([['A', 20, '192.0.2.1']]);
    now = 30_000;
    expect(served(cache)).toBeNull();
    cache.close();
  });

  it('serves a record once although it was seen with many TTLs, each with the last', () => {
    const cache = open();
    for (const ttl of [300, 299, 120]) refresh(cache, ttl);
    expect(served(cache)).toEqual([['A', 120, '192.0.2.1']]);
    cache.close();
  });

  it('serves a chain with its names in full', () => {
    const cache = open();
    const alias = { name: NAME, type: 'CNAME' as const, ttl: 60, data: 'b.test' };
    const target = { name: 'b.test', type: 'A' as const, ttl: 60, data: '192.0.2.9' };
    cache.store(QUERY.key, answer({ name: NAME, answers: [alias, target] }));
    expect(served(cache)).toEqual([
      ['CNAME', 60, 'b.test'],
      ['A', 60, '192.0.2.9'],
    ]);
    cache.close();
  });

  it('serves a negative answer, and a positive one after it', () => {
    const cache = open();
    cache.store(QUERY.key, answer({ name: NAME, rcode: 3, authorities: [soa(60, 60)] }));
    expect(served(cache)).toEqual([]);
    refresh(cache, 60);
    expect(served(cache)).toEqual([['A', 60, '192.0.2.1']]);
    cache.close();
  });
});

it('RecordSetCache keeps a record for each TTL it was seen with, under one name', () => {
  const cache = new RecordSetCache(clock);
  for (let ttl = 1; ttl <= 500; ttl += 1) refresh(cache, ttl);
  expect(cache.size()).toMatchObject({ entries: 1, limit: null });
  expect(cache.recordCount(QUERY.key)).toBe(500);
  cache.close();
});

it('DnsCache accounts the same bytes for one name however often its TTL changes', () => {
  const cache = new DnsCache({ maxBytes: 100_000, cleanupIntervalMs: 1000 }, clock);
  refresh(cache, 300);
  const { bytes } = cache.size();
  for (let ttl = 1; ttl <= 500; ttl += 1) refresh(cache, ttl);
  expect(cache.size()).toMatchObject({ entries: 1, bytes });
  cache.close();
});
