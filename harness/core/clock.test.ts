import { expect, test } from 'vitest';
import { systemClock } from './clock.js';

test('a sleep never ends early', async () => {
  for (const ms of [0.3, 1.2, 2.7, 5.5, 7.9]) {
    const start = systemClock.nowMs();
    await systemClock.sleep(ms);
    expect(systemClock.nowMs() - start).toBeGreaterThanOrEqual(ms);
  }
});

test('an aborted signal ends a sleep at once', async () => {
  const abort = new AbortController();
  const sleep = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error('enough'));
  await expect(sleep).rejects.toThrow();
  await expect(systemClock.sleep(0, abort.signal)).rejects.toThrow();
});
