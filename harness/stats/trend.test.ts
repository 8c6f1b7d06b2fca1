import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Series } from '../core/recording.js';
import { ar1Noise, normalNoise } from './fixtures/noise.js';
import { fitTrend, type Trend } from './trend.js';

const RESOLUTION = 1;

/** A series at 1 Hz. */
function seriesFrom(length: number, value: (minutes: number, i: number) => number): Series {
  const elapsedMs = Array.from({ length }, (_, i) => i * 1000);
  return { elapsedMs, values: elapsedMs.map((ms, i) => value(ms / 60_000, i)) };
}

function trendOf(series: Series, resolution = RESOLUTION): Trend {
  return fitTrend(series, resolution) ?? expect.fail('too few readings');
}

test('fewer than 8 readings have no trend', () => {
  expect(
    fitTrend(
      seriesFrom(7, (t) => t),
      RESOLUTION,
    ),
  ).toBeNull();
  expect(
    fitTrend(
      seriesFrom(0, (t) => t),
      RESOLUTION,
    ),
  ).toBeNull();
  expect(
    fitTrend(
      seriesFrom(8, (t) => t),
      RESOLUTION,
    ),
  ).not.toBeNull();
});

test('a line without noise is found exactly and surely, from 8 readings on', () => {
  for (const length of [8, 25, 200, 5000]) {
    const trend = trendOf(
      seriesFrom(length, (t) => 1e8 + 5e6 * t),
      8,
    );
    expect(trend.slopePerMin).toBeCloseTo(5e6, 0);
    expect(trend.halfWidthPerMin).toBeLessThan(1);
    expect(trend.pExceeds(1e6)).toBeGreaterThan(0.99);
    expect(trend.pExceeds(9e6)).toBeLessThan(0.01);
  }
});

test('constant readings grow by 0 ± 0 and exceed no budget', () => {
  const trend = trendOf(seriesFrom(25, () => 22));
  expect(trend).toMatchObject({ slopePerMin: 0, halfWidthPerMin: 0, sePerMin: 0, samples: 25 });
  expect(trend.pExceeds(1)).toBeLessThan(1e-6);
  expect(trend.pExceeds(0)).toBe(0.5);
  expect(trend.pExceeds(-1)).toBeGreaterThan(1 - 1e-6);
});

test('one more descriptor at the end leaves the growth uncertain by half a descriptor per window', () => {
  const trend = trendOf(seriesFrom(25, (_, i) => (i >= 23 ? 23 : 22)));
  expect(trend.slopePerMin).toBe(0);
  expect(trend.halfWidthPerMin).toBeCloseTo((1.645 * 0.5) / 0.4, 2);
  expect(trend.pExceeds(1)).toBeGreaterThan(0.05);
  expect(trend.pExceeds(1)).toBeLessThan(0.5);
});

test('a descriptor open at the last reading only widens the interval and is no growth', () => {
  const trend = trendOf(seriesFrom(25, (_, i) => (i === 24 ? 23 : 22)));
  expect(trend.slopePerMin).toBe(0);
  expect(trend.halfWidthPerMin).toBeGreaterThan(0.3);
  expect(trend.halfWidthPerMin).toBeLessThan(1);
  expect(trend.pExceeds(1)).toBeLessThan(0.05);
});

test('the same late step in an hour hardly matters', () => {
  const trend = trendOf(seriesFrom(3600, (_, i) => (i >= 3500 ? 23 : 22)));
  expect(trend.pExceeds(1)).toBeLessThan(0.001);
});

test('a spike of descriptors that returns is no growth', () => {
  const trend = trendOf(seriesFrom(40, (_, i) => (i === 20 ? 130 : 22)));
  expect(trend.slopePerMin).toBe(0);
  expect(trend.pExceeds(1)).toBeLessThan(0.05);
  expect(trend.halfWidthPerMin).toBeGreaterThan(0);
});

test('a count that flickers between two values is neither surely flat nor growing in a short window', () => {
  const noise = normalNoise(3);
  const trend = trendOf(seriesFrom(25, () => (noise() > 0 ? 23 : 22)));
  expect(trend.halfWidthPerMin).toBeGreaterThan(0.5);
  expect(trend.pExceeds(1)).toBeLessThan(0.95);
});

test('buffers that come and go in a third of the readings leave their size in the interval', () => {
  const noise = normalNoise(5);
  const trend = trendOf(seriesFrom(25, () => (noise() > 0.5 ? 17e6 : 1e6)));
  expect(trend.slopePerMin).toBe(0);
  expect(trend.halfWidthPerMin).toBeGreaterThan(5e6);
  expect(trend.pExceeds(1e6)).toBeGreaterThan(0.05);
});

test('a staircase that climbs a descriptor every ten seconds exceeds one per minute', () => {
  const trend = trendOf(seriesFrom(60, (_, i) => 22 + Math.floor(i / 10)));
  expect(trend.slopePerMin).toBeCloseTo(6, 0);
  expect(trend.pExceeds(1)).toBeGreaterThan(0.95);
});

const anySeries = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 40 })
  .map((values) => seriesFrom(values.length, (_, i) => values[i] ?? 0));

test('no readings give a figure that is not finite', () => {
  fc.assert(
    fc.property(anySeries, fc.double({ min: -100, max: 100, noNaN: true }), (series, budget) => {
      const trend = trendOf(series);
      const figures = [trend.slopePerMin, trend.halfWidthPerMin, trend.sePerMin, trend.pExceeds(budget)];
      expect(figures.every(Number.isFinite)).toBe(true);
      expect(trend.halfWidthPerMin).toBeGreaterThanOrEqual(0);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('a larger budget is never more likely to be exceeded', () => {
  fc.assert(
    fc.property(
      anySeries,
      fc.double({ min: 0, max: 5000, noNaN: true }),
      fc.double({ min: 0, max: 5000, noNaN: true }),
      (series, a, b) => {
        const trend = trendOf(series);
        expect(trend.pExceeds(Math.max(a, b))).toBeLessThanOrEqual(trend.pExceeds(Math.min(a, b)));
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

test('scaling readings, budget and resolution scales the trend and keeps the probability', () => {
  fc.assert(
    fc.property(
      anySeries,
      fc.constantFrom(2, 1024, 2 ** 20),
      fc.integer({ min: 1, max: 100 }),
      (series, scale, budget) => {
        const scaled = { ...series, values: series.values.map((value) => value * scale) };
        const [one, other] = [trendOf(series), trendOf(scaled, RESOLUTION * scale)];
        expect(other.slopePerMin).toBe(one.slopePerMin * scale);
        expect(other.halfWidthPerMin).toBeCloseTo(one.halfWidthPerMin * scale, 4);
        expect(other.pExceeds(budget * scale)).toBeCloseTo(one.pExceeds(budget), 10);
      },
    ),
    { seed: 3, numRuns: 100 },
  );
});

test('shifting level and clock changes nothing', () => {
  fc.assert(
    fc.property(anySeries, fc.integer({ min: 0, max: 1e6 }), (series, shift) => {
      const moved = {
        elapsedMs: series.elapsedMs.map((ms) => ms + 60_000 * shift),
        values: series.values.map((value) => value + shift),
      };
      const [one, other] = [trendOf(series), trendOf(moved)];
      expect(other.slopePerMin).toBeCloseTo(one.slopePerMin, 6);
      expect(other.halfWidthPerMin).toBeCloseTo(one.halfWidthPerMin, 6);
    }),
    { seed: 4, numRuns: 100 },
  );
});

/** Shares of seeded trend-free series that claim to exceed 0 with 95 %, and whose interval holds 0. */
function calibration(
  length: number,
  correlation: number,
  paths: number,
): { exceeds: number; covers: number } {
  let exceeds = 0;
  let covers = 0;
  for (let path = 0; path < paths; path++) {
    const noise = ar1Noise(1000 * length + path, correlation);
    const trend = trendOf(seriesFrom(length, () => 1e6 * noise()));
    if (trend.pExceeds(0) >= 0.95) exceeds++;
    if (Math.abs(trend.slopePerMin) <= trend.halfWidthPerMin) covers++;
  }
  return { exceeds: exceeds / paths, covers: covers / paths };
}

test('on independent noise one series in twenty exceeds its true slope, and nine intervals in ten hold it', () => {
  for (const length of [12, 25, 60]) {
    const { exceeds, covers } = calibration(length, 0, 600);
    expect(exceeds).toBeLessThan(0.075);
    expect(covers).toBeGreaterThan(0.88);
  }
});

test('on correlated noise the correction keeps both near what they claim', () => {
  expect(calibration(25, 0.6, 600).exceeds).toBeLessThan(0.11);
  expect(calibration(60, 0.6, 600).exceeds).toBeLessThan(0.09);
  expect(calibration(200, 0.8, 150).exceeds).toBeLessThan(0.1);
  expect(calibration(60, 0.6, 600).covers).toBeGreaterThan(0.84);
});
