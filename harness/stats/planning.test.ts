import { expect, test } from 'vitest';
import { ar1Noise } from './fixtures/noise.js';
import {
  durationNeededMs,
  measureNoise,
  type Noise,
  slopeErrorPerMin,
  smallestResolvable,
} from './planning.js';

const MIB = 2 ** 20;
const HOUR = 3_600_000;
const WHITE: Noise = { sd: 5 * MIB, correlationMs: 0, sampleEveryMs: 1000 };

test('five minutes at 1 Hz with 5 MiB of white noise have a standard error of 0.2 MiB/min', () => {
  expect(slopeErrorPerMin(WHITE, 300_000) / MIB).toBeCloseTo(0.2, 3);
});

test('35 h with 20 MiB of noise correlated over 10 min have one of 0.19 MiB/h', () => {
  const noise: Noise = { sd: 20 * MIB, correlationMs: 600_000, sampleEveryMs: 10_000 };
  expect((60 * slopeErrorPerMin(noise, 35 * HOUR)) / MIB).toBeCloseTo(0.194, 3);
});

test('what can be resolved is 2.93 standard errors over the efficiency', () => {
  expect(smallestResolvable(WHITE, 300_000) / MIB).toBeCloseTo((2.93 * 0.2) / 0.6, 2);
  expect(smallestResolvable(WHITE, 300_000, true) / MIB).toBeCloseTo((2.93 * 0.2) / 0.85, 2);
});

test('the suggested duration makes half the budget five standard errors', () => {
  const durationMs = durationNeededMs(WHITE, 4 * MIB);
  expect(slopeErrorPerMin(WHITE, durationMs) * 5).toBeCloseTo(2 * MIB, 0);
});

test('and is never shorter than the noise takes to be known', () => {
  expect(durationNeededMs({ ...WHITE, correlationMs: 60_000 }, 1e12)).toBe(HOUR);
  expect(durationNeededMs({ ...WHITE, sd: 0 }, 1)).toBe(20_000);
});

test('noise is measured around the warm-up, not across it', () => {
  const noise = ar1Noise(4, Math.exp(-1 / 5));
  const elapsedMs = Array.from({ length: 1200 }, (_, i) => i * 1000);
  const values = elapsedMs.map((ms) => 1e8 + 5e7 * (1 - Math.exp(-ms / 60_000)) + MIB * noise());
  const measured = measureNoise({ elapsedMs, values, resolution: 8 }) ?? expect.fail('too few readings');
  expect(measured.sampleEveryMs).toBe(1000);
  expect(measured.sd / MIB).toBeGreaterThan(0.85);
  expect(measured.sd / MIB).toBeLessThan(1.15);
  expect(measured.correlationMs).toBeGreaterThan(3500);
  expect(measured.correlationMs).toBeLessThan(6500);
});

test('a handful of readings has no noise to speak of', () => {
  expect(measureNoise({ elapsedMs: [0, 1, 2], values: [1, 2, 3], resolution: 1 })).toBeNull();
});
