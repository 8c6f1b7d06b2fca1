import { expect, test } from 'vitest';
import {
  differenceOf,
  type Estimate,
  halfWidthOf,
  meanEstimate,
  minimumDetectable,
  probabilityAbove,
} from './difference.js';
import { normalNoise } from './fixtures/noise.js';

type Pairs = readonly [Estimate, ...Estimate[]];

/** Differences of pairs of runs whose truth is 0: noise within (standard deviation 1), and between runs. */
function drawPairs(count: number, between: number, noise: () => number, within = 1): Pairs {
  const pair = (): Estimate => ({
    value: within * noise() + between * noise(),
    se: within,
    degreesOfFreedom: 20,
  });
  return Array.from({ length: count }, pair) as unknown as Pairs;
}

const SETS = 4000;

/** Share of simulated sets of which something holds. */
function share(holds: (pairs: Pairs) => boolean, count: number, between: number): number {
  const noise = normalNoise(100 * count + between);
  let found = 0;
  for (let i = 0; i < SETS; i++) if (holds(drawPairs(count, between, noise))) found++;
  return found / SETS;
}

// 4000 sets know a share of 5 % to ± 0.6 % (95 %), one of 90 % to ± 0.9 %.
test.each([
  [3, 0],
  [3, 1],
  [3, 5],
  [6, 0],
  [6, 1],
  [6, 5],
])(
  '%d pairs without a difference, runs varying by %d σ: one false alarm in 20, an interval that holds 9 in 10',
  (count, between) => {
    expect(share((pairs) => probabilityAbove(meanEstimate(pairs), 0) >= 0.95, count, between)).toBeLessThan(
      0.06,
    );
    const covered = share(
      (pairs) => {
        const mean = meanEstimate(pairs);
        return Math.abs(mean.value) <= halfWidthOf(mean);
      },
      count,
      between,
    );
    expect(covered).toBeGreaterThan(0.885);
  },
);

test('two pairs may claim somewhat more than they should, which is why three are the default', () => {
  const alarms = share((pairs) => probabilityAbove(meanEstimate(pairs), 0) >= 0.95, 2, 2);
  expect(alarms).toBeGreaterThan(0.06);
  expect(alarms).toBeLessThan(0.09);
});

test('had there been a difference of the detectable size, nine sets in ten would have shown it', () => {
  const shown = (pairs: Pairs): boolean => {
    const mean = meanEstimate(pairs);
    const size = minimumDetectable(mean, 0);
    return probabilityAbove({ ...mean, value: mean.value + size }, 0) >= 0.95;
  };
  for (const between of [0, 1, 5]) {
    expect(share(shown, 3, between)).toBeGreaterThan(0.88);
    expect(share(shown, 3, between)).toBeLessThan(0.95);
  }
});

test('pairs that agree share their noise, pairs that do not are as sure as their spread', () => {
  const pair = (value: number): Estimate => ({ value, se: 1, degreesOfFreedom: 20 });
  const agreed = meanEstimate([pair(2), pair(2.1), pair(1.9)]);
  expect(agreed.value).toBeCloseTo(2, 12);
  expect(agreed.degreesOfFreedom).toBeCloseTo(60, 9);
  expect(agreed.se).toBeCloseTo(1 / Math.sqrt(3), 12);
  const apart = meanEstimate([pair(0), pair(10), pair(20)]);
  expect(apart).toMatchObject({ value: 10, degreesOfFreedom: 2 });
  expect(apart.se).toBeCloseTo(10 / Math.sqrt(3), 12);
});

test('one pair is what it is', () => {
  const pair: Estimate = { value: 3, se: 2, degreesOfFreedom: 7 };
  expect(meanEstimate([pair])).toEqual(pair);
});

test('what a machine does to both runs of a pair does not show', () => {
  const noise = normalNoise(9);
  const drifts = [0, 40, -25, 90];
  const pairs = drifts.map((drift) => {
    const run = (truth: number): Estimate => ({
      value: truth + drift + noise(),
      se: 1,
      degreesOfFreedom: 20,
    });
    return differenceOf(run(0), run(3));
  });
  const mean = meanEstimate(pairs as unknown as Pairs);
  expect(Math.abs(mean.value - 3)).toBeLessThan(halfWidthOf(mean));
  expect(halfWidthOf(mean)).toBeLessThan(2.5);
});

test('without any error a difference is as it is, and only rounding limits what can be seen', () => {
  const exact: Estimate = { value: 0, se: 0, degreesOfFreedom: 10 };
  const same = differenceOf(exact, { ...exact, degreesOfFreedom: 5 });
  expect(same).toEqual({ value: 0, se: 0, degreesOfFreedom: 5 });
  expect([halfWidthOf(same), probabilityAbove(same, 0), probabilityAbove(same, -1)]).toEqual([0, 0, 1]);
  expect(minimumDetectable(same, 0)).toBe(0);
  expect(minimumDetectable({ ...same, degreesOfFreedom: 1e6 }, 1)).toBeCloseTo(2.93, 2);
});
