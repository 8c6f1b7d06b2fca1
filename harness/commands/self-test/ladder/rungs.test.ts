import { expect, test } from 'vitest';
import { SCENARIOS } from '../../../../scenarios/index.js';
import { rungName } from '../../../core/rung.js';
import { resolveRun } from '../../../run/run-options.js';
import { pickRungs, RUNG_TIMES, RUNGS } from './rungs.js';

test('the floors are the budgets that a run of this length has by default', () => {
  const http = SCENARIOS.find(({ name }) => name === 'http');
  if (http === undefined) throw new Error('there is no scenario http');
  const target = {
    kind: 'attached' as const,
    pid: 1,
    command: [],
    allowInspect: false,
    addresses: { http: 'http://127.0.0.1:1/' },
  };
  const { budgets } = resolveRun(http, { target, ...RUNG_TIMES, cycles: 1 }, []).plan;
  for (const { metric, floorPerMin } of RUNGS) {
    expect(budgets).toContainEqual({ metric, growthPerMin: floorPerMin, explicit: false });
  }
});

test('every leak is tried at half its floor, at the floor, and at twice', () => {
  expect(RUNGS.map(rungName).sort()).toEqual(
    ['external', 'fd', 'heap', 'native'].flatMap((leak) => [`${leak}/0.5`, `${leak}/1`, `${leak}/2`]),
  );
});

test('rungs are picked by leak or by their own name, and others are refused with those there are', () => {
  expect(pickRungs([])).toEqual(RUNGS);
  expect(pickRungs(['fd', 'heap/2']).map(rungName).sort()).toEqual(['fd/0.5', 'fd/1', 'fd/2', 'heap/2']);
  expect(() => pickRungs(['heap/3'])).toThrow(
    /^--only heap\/3 is no rung of the ladder: give heap, .*native\/2$/,
  );
});
