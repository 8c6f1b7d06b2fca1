import { expect, it } from 'vitest';
import { addressAnswer, answer, query, soa } from '../fixtures/messages.js';
import { DnsCache } from './bounded-cache.js';
import { SplitCache } from './split-cache.js';

it('keeps the answers although names that do not exist come in a flood', () => {
  const open = (name: string): DnsCache =>
    new DnsCache({ maxBytes: 20_000, cleanupIntervalMs: 1000, name }, () => 0);
  const negatives = open('dns-negative-cache');
  const cache = new SplitCache(open('dns-cache'), negatives);
  const { key } = query('good.test');
  cache.store(key, addressAnswer('good.test'));
  for (let index = 0; index < 1000; index += 1) {
    const name = `nx${index}.test`;
    cache.store(query(name).key, answer({ name, rcode: 3, authorities: [soa(60, 60)] }));
  }
  expect(cache.lookup(key)?.answer.answerCount).toBe(1);
  expect(cache.lookup(query('nx999.test').key)?.answer.rcode).toBe(3);
  expect(cache.lookup(query('nx0.test').key)).toBeNull();
  expect(cache.size()).toMatchObject({ name: 'dns-cache', entries: 1 });
  expect(negatives.size().fill).toBeGreaterThan(0.9);
  cache.close();
});
