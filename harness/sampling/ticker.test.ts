import { expect, test } from 'vitest';
import { createFakeClock } from '../core/fixtures/fake-clock.js';
import { type Tick, ticks } from './ticker.js';

async function take(
  generator: AsyncGenerator<Tick>,
  count: number,
  each?: (tick: Tick) => void,
): Promise<Tick[]> {
  const taken: Tick[] = [];
  for await (const tick of generator) {
    taken.push(tick);
    each?.(tick);
    if (taken.length === count) break;
  }
  return taken;
}

test('ticks stay on the grid although every one comes late and takes time', async () => {
  const clock = createFakeClock(500);
  clock.overshoot.push(30, 70, 10, 90);
  const taken = await take(ticks(clock, 500, 1000, new AbortController().signal), 4, () =>
    clock.advance(200),
  );
  expect(taken.map((tick) => tick.dueMs)).toEqual([500, 1500, 2500, 3500]);
  expect(taken.every((tick) => tick.missed === 0)).toBe(true);
});

test('whole ticks that passed while the process was held up are skipped and counted', async () => {
  const clock = createFakeClock();
  const taken = await take(ticks(clock, 0, 1000, new AbortController().signal), 3, (tick) => {
    if (tick.index === 0) clock.advance(3400);
  });
  expect(taken.map(({ dueMs, missed }) => [dueMs, missed])).toEqual([
    [0, 0],
    [3000, 2],
    [4000, 0],
  ]);
});

test('an aborted signal ends the ticks quietly', async () => {
  const abort = new AbortController();
  abort.abort();
  expect(await take(ticks(createFakeClock(), 0, 1000, abort.signal), 3)).toEqual([]);
});
