import { expect, test } from 'vitest';
import { comparePairs } from '../harness/verdict/compare.js';
import { buildManifest, buildRecording, MIB } from '../harness/verdict/fixtures/recording-builder.js';
import type { RecordedRun } from '../harness/verdict/recorded-run.js';
import { createColours } from './colours.js';
import { comparisonText } from './compare-text.js';

const budgets = [{ metric: 'live-heap', growthPerMin: MIB, explicit: false }] as const;

function run(growthMib: number, releasedMib = 0): RecordedRun {
  const live_heap_bytes = (t: number, row: number): number =>
    (30 + growthMib * t - (row > 40 ? releasedMib : 0)) * MIB + 1000 * ((row * 7) % 5);
  const recording = buildRecording({ columns: { live_heap_bytes } });
  return { manifest: buildManifest({ plan: { budgets } }), recording };
}

test('pairs are shown one by one, with the one that was left out', () => {
  const pairs = [
    { before: run(1), after: run(4) },
    { before: run(20, 13), after: run(4) },
    { before: run(3), after: run(6) },
  ] as const;
  const options = { colours: createColours(false), before: 'main', after: 'topic' };
  expect(comparisonText(comparePairs(pairs), options)).toMatchInlineSnapshot(`
    "REGRESSED  live heap grows faster than before by 3 ± <0.01 MiB/min (tolerance 1 MiB/min)

    before: main
    after:  topic

    metric                 before                after         difference  effect  tolerance    could see  outcome
    live-heap  8.9 ± 20.2 MiB/min  4.67 ± 1.95 MiB/min  3 ± <0.01 MiB/min   1.5 σ  1 MiB/min  ≥ 1 MiB/min  regressed

    difference             pair 1                          pair 2             pair 3
    live-heap   3 ± <0.01 MiB/min  -18.7 ± 3.3 MiB/min (left out)  3 ± <0.01 MiB/min

    level (median)    before     after                         change  effect
    live-heap       32.7 MiB  32.5 MiB  -226.6 KiB ± 5.3 MiB (-0.7 %)  -0.1 σ

    peak         before     after                      change
    live-heap  35.8 MiB  34.6 MiB  -1.2 MiB ± 12 MiB (-3.3 %)
    "
  `);
});
