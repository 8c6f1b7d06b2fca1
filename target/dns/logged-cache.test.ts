import { expect, it } from 'vitest';
import { addressAnswer, query } from '../fixtures/messages.js';
import { LoggedCache } from './logged-cache.js';
import { UnboundedDnsCache } from './unbounded-cache.js';

it('notes every store and every tenth lookup, and changes nothing else', () => {
  const noted: string[] = [];
  const log = {
    note: (event: string) => void noted.push(event),
    structures: () => [],
    close: () => undefined,
  };
  const cache = new LoggedCache(new UnboundedDnsCache(() => 0), log);
  const { key } = query('a.test');
  cache.store(key, addressAnswer('a.test'));
  for (let count = 0; count < 25; count += 1) expect(cache.lookup(key)?.answer.answerCount).toBe(1);
  expect(noted).toEqual(['cache-store', 'cache-lookups', 'cache-lookups']);
  expect(cache.size().entries).toBe(1);
  cache.close();
});
