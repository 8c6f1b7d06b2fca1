import { expect, test } from 'vitest';
import { assessGrowth } from '../assess.js';
import type { Assessment } from '../assessment.js';
import { normalNoise } from '../fixtures/noise.js';

/** Judges 10 series of a minute at 1 Hz with noise against a budget of 200 per minute. */
function judged(level: (seconds: number) => number): readonly Assessment[] {
  const elapsedMs = Array.from({ length: 60 }, (_, i) => 1000 * i);
  return Array.from({ length: 10 }, (_, seed) => {
    const noise = normalNoise(seed + 1);
    const values = elapsedMs.map((_, i) => 10_000 + level(i) + 50 * noise());
    return assessGrowth({ elapsedMs, values, resolution: 1 }, 200);
  });
}

function fails(assessments: readonly Assessment[]): number {
  return assessments.filter(({ outcome }) => outcome === 'fail').length;
}

test('a cache that is full shortly before the end is no leak', () => {
  const full = judged((at) => 4000 * Math.min(1, at / 51));
  expect(fails(full)).toBeLessThanOrEqual(1);
  const guards = full.flatMap((one) => (one.state === 'measured' ? one.guards : []));
  expect(guards.map(({ kind }) => kind)).toContain('levelled-off');
  for (const guard of guards) {
    if (guard.kind === 'levelled-off') expect(guard.sinceMs / 51_000).toBeCloseTo(1, 0);
  }
});

test('a straight leak, one in steps, and one that slows down but goes on, still fail', () => {
  expect(fails(judged((at) => 40 * at))).toBe(10);
  expect(fails(judged((at) => 200 * Math.floor(at / 5)))).toBe(10);
  expect(fails(judged((at) => 80 * at - 40 * Math.max(0, at - 45)))).toBe(10);
});
