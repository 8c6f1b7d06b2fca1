import { expect, test } from 'vitest';
import type { Clock } from '../core/clock.js';
import type { ServiceRecord } from '../core/service-record.js';
import { createServiceWatch, SERVICE_TIMEOUT_MS } from './service-watch.js';

/** Asks by a script, `+` for an answer after 5 ms and `-` for none, until it is over. */
async function watchBy(script: string): Promise<ServiceRecord> {
  let nowMs = 0;
  const over = new AbortController();
  const clock: Clock = {
    nowMs: () => nowMs,
    wallTime: () => new Date(0),
    sleep: async (ms) => {
      nowMs += Math.max(0, ms);
    },
  };
  let asked = 0;
  const watch = createServiceWatch(
    'dns',
    async (timeoutMs) => {
      const ok = script[asked++] === '+';
      nowMs += ok ? 5 : timeoutMs;
      if (asked === script.length) over.abort();
      return { ok, message: ok ? 'answered' : 'no answer' };
    },
    clock,
    () => nowMs,
  );
  await watch.run(over.signal);
  return watch.record();
}

test('a service that always answers has a latency and no outage', async () => {
  const record = await watchBy('++++');
  expect(record).toMatchObject({ service: 'dns', asked: 4, answered: 4, outages: [] });
  expect(record.latencyMs.p99).toBeCloseTo(5, 0);
});

test('one question without an answer is no outage, two in a row are one', async () => {
  expect((await watchBy('+-+-+')).outages).toEqual([]);
  const { outages } = await watchBy('+--+');
  expect(outages).toEqual([
    { fromMs: 1_000, toMs: 1_000 + 2 * SERVICE_TIMEOUT_MS + 5, message: 'no answer' },
  ]);
});

test('an outage that lasts has no end', async () => {
  expect((await watchBy('++---')).outages).toMatchObject([{ fromMs: 2_000, toMs: null }]);
});

test('a service that never answered has no latency', async () => {
  const record = await watchBy('---');
  expect(record).toMatchObject({ asked: 3, answered: 0, latencyMs: { p50: null, p99: null } });
  expect(record.outages).toMatchObject([{ fromMs: 0, toMs: null }]);
});
