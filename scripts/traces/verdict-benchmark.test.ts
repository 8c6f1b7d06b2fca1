import { expect, test } from 'vitest';
import { assessTrace, runExtended } from './engine.js';
import { FAMILY_NAMES, familyGroup, generateTrace } from './generate.js';
import { type Judged, type Score, scoreOf } from './scores.js';
import { DAMAGES, studyFaults } from './studies/faults.js';

/** Two seeds, two durations and both classes of every family of a group. */
function score(group: string): Score {
  const judged = FAMILY_NAMES.filter((family) => familyGroup(family) === group).flatMap((family) =>
    [60, 300].flatMap((durationSec) =>
      [1000, 1001].flatMap((seed) =>
        [false, true].map((leak): Judged => {
          const trace = generateTrace({ family, durationSec, seed, leak });
          return { label: trace.label, outcome: assessTrace(trace).outcome };
        }),
      ),
    ),
  );
  return scoreOf(judged);
}

test('main families: nothing wrong, few undecided', () => {
  expect(score('main')).toMatchInlineSnapshot(`
    {
      "clean": 83,
      "failedLeaks": 81,
      "falseFails": 0,
      "falsePasses": 0,
      "leaks": 84,
      "undecidedClean": 8,
      "undecidedLeaks": 3,
    }
  `);
});

test('families that are not modelled: nothing wrong, few undecided', () => {
  expect(score('ood')).toMatchInlineSnapshot(`
    {
      "clean": 32,
      "failedLeaks": 30,
      "falseFails": 0,
      "falsePasses": 0,
      "leaks": 32,
      "undecidedClean": 3,
      "undecidedLeaks": 2,
    }
  `);
});

test('trending load, two periods, process trees and cycles: nothing wrong', () => {
  expect(score('wide')).toMatchInlineSnapshot(`
    {
      "clean": 20,
      "failedLeaks": 19,
      "falseFails": 0,
      "falsePasses": 0,
      "leaks": 20,
      "undecidedClean": 1,
      "undecidedLeaks": 1,
    }
  `);
});

test('what one look cannot decide is mostly left undecided', () => {
  expect(score('hard')).toMatchInlineSnapshot(`
    {
      "clean": 20,
      "failedLeaks": 13,
      "falseFails": 0,
      "falsePasses": 2,
      "leaks": 20,
      "undecidedClean": 9,
      "undecidedLeaks": 5,
    }
  `);
});

test('extending while inconclusive decides every ordinary family', () => {
  const judged = (['gc_gen', 'restart', 'one_step', 'late', 'ood_stairs', 'process_tree'] as const).flatMap(
    (family) =>
      [false, true].map((leak): Judged => {
        const { outcome, trace } = runExtended({ family, durationSec: 60, seed: 1003, leak }, 4);
        return { label: trace.label, outcome };
      }),
  );
  expect(scoreOf(judged)).toMatchObject({
    falseFails: 0,
    falsePasses: 0,
    undecidedLeaks: 0,
    undecidedClean: 0,
  });
});

test('sampler faults neither pass a leak nor fail a clean run', () => {
  const table = studyFaults({ study: 'faults', seeds: [1000, 1001], durations: [], families: [] });
  expect(table.split('\n')).toHaveLength(1 + Object.keys(DAMAGES).length);
  expect(table.match(/0\/2 +0\/2/g)).toHaveLength(Object.keys(DAMAGES).length);
});
