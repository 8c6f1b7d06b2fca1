import { describe, expect, test } from 'vitest';
import { assessGrowth } from './assess.js';
import type { Assessment, GrowthReadings } from './assessment.js';
import { normalNoise } from './fixtures/noise.js';

const BUDGET = 20;

/** Readings at 1 Hz of a level with noise; `perMin` may change, and time or process with it. */
function recorded(
  count: number,
  level: (i: number) => number,
  seconds: (i: number) => number = (i) => i,
  pid: (i: number) => number = () => 1,
): GrowthReadings {
  const noise = normalNoise(4);
  const indices = Array.from({ length: count }, (_, i) => i);
  return {
    elapsedMs: indices.map((i) => 1000 * seconds(i)),
    values: indices.map((i) => 1000 + level(i) + noise()),
    pids: indices.map(pid),
    resolution: 1,
  };
}

function kinds(assessment: Assessment): readonly string[] {
  return assessment.state === 'measured' ? assessment.guards.map(({ kind }) => kind) : [assessment.state];
}

describe('across a long silence', () => {
  const suspended = (i: number): number => (i < 160 ? i : i + 300);

  test('a leak that begins after it, or came before it, does not pass', () => {
    const after = assessGrowth(
      recorded(300, (i) => Math.max(0, i - 160), suspended),
      BUDGET,
    );
    expect([after.outcome, kinds(after)]).toEqual(['inconclusive', ['partly-judged']]);
    const before = assessGrowth(
      recorded(360, (i) => Math.min(i, 160), suspended),
      BUDGET,
    );
    expect([before.outcome, kinds(before)]).toEqual(['inconclusive', ['partly-judged']]);
  });

  test('what is flat on both sides passes, and so does what has but a few readings on one', () => {
    expect(
      assessGrowth(
        recorded(300, () => 0, suspended),
        BUDGET,
      ).outcome,
    ).toBe('pass');
    expect(
      assessGrowth(
        recorded(165, () => 0, suspended),
        BUDGET,
      ).outcome,
    ).toBe('pass');
  });

  test('too few readings on one side to judge, yet a good part of all, withhold the pass', () => {
    const late = recorded(
      38,
      () => 0,
      (i) => (i < 26 ? i : i + 100),
    );
    expect(kinds(assessGrowth(late, BUDGET))).toEqual(['partly-judged']);
  });
});

test('a process that restarts all the time does not pass on one of its lives, one restart says nothing', () => {
  const seconds = (i: number): number => i;
  const loop = assessGrowth(
    recorded(
      300,
      () => 0,
      seconds,
      (i) => Math.floor(i / 50),
    ),
    BUDGET,
  );
  expect([loop.outcome, kinds(loop)]).toEqual(['inconclusive', ['partly-judged']]);
  const once = assessGrowth(
    recorded(
      300,
      () => 0,
      seconds,
      (i) => (i < 140 ? 1 : 2),
    ),
    BUDGET,
  );
  expect(once.outcome).toBe('pass');
});
