import { expect, test } from 'vitest';
import { FAMILY_NAMES, type FamilyName, familyGroup, generateTrace, type TraceOptions } from './generate.js';

const OPTIONS: TraceOptions = { family: 'noise', durationSec: 120, seed: 7, leak: true };

/** Families whose schedule, not only whose end, depends on the length of the run. */
const SCHEDULED: readonly FamilyName[] = ['load_stop', 'cycles'];

/** Samples, sum of the values, budget and truth, as first published with the generator's definition. */
const PUBLISHED: readonly (readonly [FamilyName, number, number, number, number])[] = [
  ['noise', 120, 30385.42578125, 5.6596567545, 23.4116258728],
  ['gc_gen', 120, 32035.72265625, 3.7191317632, 7.939220957],
  ['fd', 120, 5857, 9.5830869365, 35.6050464986],
  ['ood_combo', 120, 43290.87890625, 10.2311895428, 33.7716315732],
  ['ood_pink', 120, 33008.98046875, 9.0005686984, 37.133047996],
  ['restart', 120, 36640.87109375, 5.9958160358, 15.9632016964],
  // Published as 8.696138829 per minute of the run, of which 0.6 is load.
  ['cycles', 120, 35101.578125, 3.0348792687, 8.696138829 / 0.6],
];

test('traces are those that were published', () => {
  for (const [family, samples, sum, budget, truth] of PUBLISHED) {
    const trace = generateTrace({ ...OPTIONS, family });
    expect(trace.values).toHaveLength(samples);
    expect(trace.values.reduce((total, value) => total + value, 0)).toBe(sum);
    expect(trace.budgetPerMin).toBeCloseTo(budget, 9);
    expect(trace.truthPerMin).toBeCloseTo(truth, 9);
  }
});

test('a longer trace begins with the shorter one', () => {
  for (const family of FAMILY_NAMES.filter((name) => !SCHEDULED.includes(name))) {
    const short = generateTrace({ ...OPTIONS, family });
    const long = generateTrace({ ...OPTIONS, family, extend: 2 });
    const count = short.values.length;
    expect([...long.values.subarray(0, count)]).toEqual([...short.values]);
    expect([...long.load.subarray(0, count)]).toEqual([...short.load]);
    expect(long.values.length).toBeGreaterThan(count);
  }
});

test('labels follow the true growth', () => {
  const label = (multiple: number): string => generateTrace({ ...OPTIONS, multiple }).label;
  expect([0, 0.49, 0.51, 1.49, 1.5, 6].map(label)).toEqual(['ok', 'ok', 'grey', 'grey', 'leak', 'leak']);
});

test('readings are positive pages in ascending time', () => {
  for (const family of FAMILY_NAMES) {
    const { values, elapsedMs, resolution } = generateTrace({ ...OPTIONS, family, leak: false });
    expect(values.every((value) => value > 0 && Number.isInteger(value / resolution))).toBe(true);
    expect(elapsedMs.every((at, i) => i === 0 || at > (elapsedMs[i - 1] ?? 0))).toBe(true);
  }
});

test('there are 21 main families, 8 that are not modelled, 5 wide and 5 hard ones', () => {
  const count = (group: string): number => FAMILY_NAMES.filter((name) => familyGroup(name) === group).length;
  expect(['main', 'ood', 'wide', 'hard'].map(count)).toEqual([21, 8, 5, 5]);
});
