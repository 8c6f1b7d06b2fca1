import { expect, test } from 'vitest';
import { type CadenceController, createCadence } from './collection-cadence.js';

/** Runs the cadence over so many ticks of a target that uses `base` ms a tick and `extra` more after a collection. */
function simulate(
  cadence: CadenceController,
  ticks: number,
  base: number,
  extra: number,
  pauseMs = 1,
): number {
  let since = Number.POSITIVE_INFINITY;
  let collections = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const collect = cadence.shouldCollect(tick * 1000);
    since = collect ? 0 : since + 1;
    if (collect) collections++;
    if (collect) cadence.observePause(pauseMs);
    cadence.observe(base + (since <= 1 ? extra / 2 : 0), since);
  }
  return collections;
}

test('a short window gets its 24 readings whatever they cost', () => {
  const cadence = createCadence({ judgedWindowMs: 24_000, tickMs: 1000 });
  expect(simulate(cadence, 24, 300, 400)).toBe(24);
});

test('a long window with costly collections keeps to 24 readings', () => {
  const cadence = createCadence({ judgedWindowMs: 480_000, tickMs: 1000 });
  expect(simulate(cadence, 480, 300, 3000)).toBe(24);
});

test('cheap collections are forced more often, within a tenth of the CPU', () => {
  const cadence = createCadence({ judgedWindowMs: 2_400_000, tickMs: 1000 });
  const collections = simulate(cadence, 2400, 300, 150);
  const { intervalMs, cpuMsPerCollection, cpuSharePercent } = cadence.summary();
  expect(collections).toBeGreaterThan(200);
  expect(intervalMs).toBe(5000);
  expect(cpuMsPerCollection).toBe(150);
  expect(cpuSharePercent).toBe(10);
});

test('long pauses are forced less often than cheap CPU alone would allow: half a percent of the time', () => {
  const cadence = createCadence({ judgedWindowMs: 2_400_000, tickMs: 1000 });
  simulate(cadence, 2400, 300, 0, 55);
  expect(cadence.summary()).toMatchObject({ intervalMs: 11_000, pauseMsPerCollection: 55 });
});

test('of a target that uses up its core nothing is asked beyond the 24 readings: their cost would not show', () => {
  const cadence = createCadence({ judgedWindowMs: 2_400_000, tickMs: 1000 });
  simulate(cadence, 2400, 980, 0);
  expect(cadence.summary().intervalMs).toBe(100_000);
});

test('costs that were not seen are null', () => {
  const cadence = createCadence({ judgedWindowMs: 24_000, tickMs: 1000 });
  expect(cadence.summary()).toEqual({
    intervalMs: 1000,
    collections: 0,
    cpuMsPerCollection: null,
    cpuSharePercent: null,
    pauseMsPerCollection: null,
  });
});
