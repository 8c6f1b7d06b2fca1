import { expect, test } from 'vitest';
import type { GrowthReadings } from '../assessment.js';
import { decimate } from './decimate.js';
import { type Prepared, prepare } from './prepare.js';

const MIB = 2 ** 20;

/** Readings at 1 Hz in bytes, whole pages. */
function readings(values: readonly number[], more: Partial<GrowthReadings> = {}): GrowthReadings {
  return { elapsedMs: values.map((_, i) => i * 1000), values, resolution: 4096, ...more };
}

function prepared(input: GrowthReadings, warmUpEndMs = Number.NEGATIVE_INFINITY): Prepared {
  return prepare(input, warmUpEndMs);
}

const FLAT = Array.from({ length: 60 }, () => 100 * MIB);

test('levels are counted in resolution steps from the first reading', () => {
  const { levels, dropped } = prepared(readings([8192, 16_384, 4096]));
  expect([...levels.values]).toEqual([0, 2, -1]);
  expect(dropped).toEqual([]);
});

test('what is no reading is left out by reason', () => {
  const input = readings([1, 2, Number.NaN, Number.POSITIVE_INFINITY, -5, 6], {
    elapsedMs: [0, Number.NaN, 2, 3, 4, 5],
    resolution: 1,
  });
  expect(prepared(input).dropped).toEqual([
    { kind: 'clock-glitch', readings: 1 },
    { kind: 'not-a-reading', readings: 3 },
  ]);
});

test('a 0 is left out only where no process reads 0, however many there are', () => {
  const values = FLAT.map((value, i) => (i >= 20 ? 0 : value));
  const { samples, dropped } = prepared(readings(values, { neverZero: true }));
  expect([samples, dropped]).toEqual([20, [{ kind: 'zero', readings: 40 }]]);
  expect(prepared(readings(values)).samples).toBe(60);
});

test('the declared warm-up is left out', () => {
  const { samples, dropped } = prepared(readings(FLAT), 20_000);
  expect(samples).toBe(40);
  expect(dropped).toEqual([{ kind: 'warm-up', readings: 20 }]);
});

test('of a restarted process the longer life is judged', () => {
  const pids = FLAT.map((_, i) => (i < 25 ? 7 : 8));
  const { samples, levels, dropped } = prepared(readings(FLAT, { pids }));
  expect([samples, levels.elapsedMs[0]]).toEqual([35, 25_000]);
  expect(dropped).toEqual([
    { kind: 'other-segment', readings: 25, judged: 35, breaks: [{ kind: 'restart', atMs: 25_000 }] },
  ]);
});

test('a clock set back, and one set far forward, begin a new series', () => {
  const back = FLAT.map((_, i) => (i < 40 ? i : i - 20) * 1000);
  expect(prepared(readings(FLAT, { elapsedMs: back })).dropped).toEqual([
    {
      kind: 'other-segment',
      readings: 20,
      judged: 40,
      breaks: [{ kind: 'clock-stepped-back', atMs: 20_000 }],
    },
  ]);
  const forward = FLAT.map((_, i) => (i < 40 ? i : i + 3600) * 1000);
  expect(prepared(readings(FLAT, { elapsedMs: forward })).dropped).toEqual([
    { kind: 'other-segment', readings: 20, judged: 40, breaks: [{ kind: 'gap', atMs: 3_640_000 }] },
  ]);
});

test('single misplaced and repeated times cost one reading each', () => {
  const elapsedMs = FLAT.map((_, i) => i * 1000);
  elapsedMs[10] = 9e9;
  elapsedMs[20] = 3;
  elapsedMs[31] = 30_000;
  expect(prepared(readings(FLAT, { elapsedMs })).dropped).toEqual([{ kind: 'clock-glitch', readings: 3 }]);
});

test('idle readings and the first quarter after a resume are left out, idle ends become floors', () => {
  const load = FLAT.map((_, i) => (i % 20 < 12 ? 1 : 0));
  const values = FLAT.map((value, i) => value + (i % 20 < 12 ? 50 * MIB : 0));
  const { samples, idleFloors, dropped } = prepared(readings(values, { load }));
  expect(samples).toBe(12 + 9 + 9);
  expect([...idleFloors.values]).toEqual([-12_800, -12_800, -12_800]);
  expect(dropped).toEqual([{ kind: 'not-under-load', readings: 30 }]);
});

test('time stands still while the load is off, and the window is told on the clock of the recording', () => {
  const load = FLAT.map((_, i) => (i < 20 || i >= 30 ? 1 : 0));
  const { levels, windowMs, idleFloors, clock } = prepared(readings(FLAT, { load }));
  expect(levels.elapsedMs[19]).toBe(19_000);
  expect(levels.elapsedMs[20]).toBe(28_000);
  expect(levels.elapsedMs.at(-1)).toBe(49_000);
  expect(windowMs).toEqual([0, 59_000]);
  expect([...idleFloors.elapsedMs]).toEqual([20_000]);
  expect(clock.recordedMs(28_000)).toBe(38_000);
  const known = prepared(readings(FLAT, { load, idle: [{ startMs: 19_400, endMs: 29_900 }] }));
  expect(known.levels.elapsedMs.at(-1)).toBe(59_000 - 10_500);
});

test('lone zeros and deep dips are sampler faults, longer dips and small counts are not', () => {
  const dipped = FLAT.map((value, i) => (i % 17 === 5 ? 0 : i % 23 === 8 ? 4096 : value));
  const { samples, dropped } = prepared(readings(dipped));
  expect(dropped).toEqual([{ kind: 'sampler-fault', readings: 60 - samples }]);
  expect(prepared(readings(FLAT.map((value, i) => (i > 20 && i < 25 ? MIB : value)))).samples).toBe(60);
  expect(
    prepared(
      readings(
        FLAT.map((_, i) => (i % 9 === 0 ? 0 : 3)),
        { resolution: 1 },
      ),
    ).samples,
  ).toBe(60);
});

test('decimation keeps mean times, mean levels and the lowest readings', () => {
  const column = Float64Array.of(4, 2, 9, 7, 5);
  const levels = { elapsedMs: Float64Array.of(0, 1, 2, 3, 4), values: column, lows: column, load: null };
  expect(decimate(levels, 3)).toEqual({
    elapsedMs: Float64Array.of(0.5, 2.5, 4),
    values: Float64Array.of(3, 8, 5),
    lows: Float64Array.of(2, 7, 5),
    load: null,
  });
  expect(decimate(levels, 5)).toBe(levels);
});
