import { describe, expect, test } from 'vitest';
import type { FaultInfo } from '../core/fault.js';
import { resolveWatch } from './resolve-watch.js';
import { type RunOptions, resolveRun } from './run-options.js';
import { defineScenario, type Scenario } from './scenario.js';

const SCENARIO: Scenario = {
  name: 'example',
  summary: '',
  exposes: ['one'],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 100, zone: 'example.test' },
  budgets: { 'live-heap': 1000, fds: 1 },
  needs: ['dns'],
  targetConfig: () => ({}),
  load: ({ ratePerSec, seed, zone }) => ({
    kind: 'dns-udp-flood',
    ratePerSec,
    seed,
    zone,
    timeoutMs: 1000,
    acceptedRcodes: ['NOERROR'],
    upstream: { zones: [zone], ttlSec: 60, latencyMs: 0, loss: 0, silent: false },
  }),
};

const fault = (id: string): FaultInfo => ({
  id,
  system: '',
  leak: '',
  structure: '',
  trigger: '',
  metric: 'live-heap',
  finding: null,
  retainer: '',
});

const resolve = (options: RunOptions) => resolveRun(SCENARIO, options, [fault('one'), fault('two')]);

describe('the choices of a run', () => {
  test('take heap snapshots of a run that failed, never of a process that is only watched', () => {
    expect(resolve({}).snapshots).toEqual({ when: 'on-fail', stripStrings: false, deadlineMs: null });
    const asked = resolve({ heapSnapshots: 'always', stripStrings: true, deadlineMs: 300_000 });
    expect(asked.snapshots).toEqual({ when: 'always', stripStrings: true, deadlineMs: 300_000 });
    const target = {
      kind: 'attached',
      pid: 1,
      command: ['x'],
      allowInspect: true,
      addresses: { dns: '127.0.0.1:53' },
    } as const;
    expect(resolveWatch({ ...SCENARIO, targetConfig: null }, target, {}).snapshots.when).toBe('off');
  });

  test('come from the scenario and from named defaults', () => {
    expect(resolve({}).plan).toMatchObject({
      durationMs: 60_000,
      warmUpMs: 12_000,
      drainMs: 4_500,
      ratePerSec: 100,
      sampleEveryMs: 1000,
      forceGc: true,
      seed: 1,
    });
  });

  test('leave most of a short run to steady load', () => {
    const { plan } = resolve({ durationMs: 10_000 });
    expect(plan.warmUpMs + plan.drainMs).toBeLessThanOrEqual(5_000);
  });

  test('let an explicit budget replace the default of its metric only', () => {
    const { budgets } = resolve({
      budgets: [{ metric: 'fds', growthPerMin: 7, explicit: true }],
    }).plan;
    expect(budgets.find(({ metric }) => metric === 'fds')).toEqual({
      metric: 'fds',
      growthPerMin: 7,
      explicit: true,
    });
    expect(budgets.find(({ metric }) => metric === 'live-heap')?.explicit).toBe(false);
    expect(budgets.find(({ metric }) => metric === 'rss')?.growthPerMin).toBe(4 * 2 ** 20);
  });

  test.each([
    [{ durationMs: 1 }, /--duration/],
    [{ durationMs: 1e12 }, /--duration/],
    [{ sampleEveryMs: 1 }, /--sample-every/],
    [{ ratePerSec: 0 }, /--rate/],
    [{ ratePerSec: 1e9 }, /--rate/],
    [{ ratePerSec: Number.NaN }, /--rate/],
    [{ durationMs: 20_000, warmUpMs: 19_500 }, /no steady load.*--warm-up/],
    [{ durationMs: 60_000, deadlineMs: 60_000 }, /--deadline 60 s leaves no time/],
    [{ durationMs: 60_000, maxDurationMs: 30_000 }, /--max-duration 30 s is below/],
    [{ cycles: 0 }, /--cycles/],
    [{ zone: 'not a zone' }, /zone 'not a zone'/],
    [{ zone: `${'a'.repeat(64)}.test` }, /zone/],
    [
      { forceGc: false, budgets: [{ metric: 'live-heap', growthPerMin: 1, explicit: true }] },
      /live-heap needs forced collections/,
    ],
    [
      { sampler: 'pidusage', budgets: [{ metric: 'fds', growthPerMin: 1, explicit: true }] },
      /fds cannot be read by the pidusage sampler/,
    ],
    [{ faults: ['three'] }, /unknown fault 'three': the node knows one, two/],
  ] as const)('that do not fit (%j) are refused by name', (options, message) => {
    expect(() => resolve(options as RunOptions)).toThrow(message);
  });

  test('of what pidusage reads are taken: RSS and CPU', () => {
    const budgets = (['rss', 'cpu'] as const).map((metric) => ({ metric, growthPerMin: 1, explicit: true }));
    expect(resolve({ sampler: 'pidusage', budgets }).plan.budgets).toEqual(expect.arrayContaining(budgets));
  });

  test('warn when the scenario does not bring a fault out', () => {
    expect(resolve({ faults: ['one'] }).warnings).toEqual([]);
    expect(resolve({ faults: ['two'] }).warnings).toMatchObject([
      { id: 'fault-not-exposed', concerns: 'coverage' },
    ]);
  });
});

test.each(['', 'Upper', 'with space', '../up', '-'])('%j is no name for a scenario', (name) => {
  expect(() => defineScenario({ ...SCENARIO, name })).toThrow(/scenario name/);
});

test('a deadline caps how far a run may extend itself', () => {
  expect(resolve({ durationMs: 60_000 }).plan.maxDurationMs).toBe(120_000);
  expect(resolve({ durationMs: 60_000, deadlineMs: 100_000 }).plan.maxDurationMs).toBe(85_000);
});

test('a default budget of a count is one that the length of the run can decide', () => {
  const fds = (durationMs: number): number | undefined =>
    resolve({ durationMs }).plan.budgets.find(({ metric }) => metric === 'fds')?.growthPerMin;
  expect(fds(40_000)).toBeCloseTo(4 / (29 / 60), 5);
  expect(fds(3_600_000)).toBe(1);
});

test('a warm-up that ends by itself may take half the duration, as far as the run may last longer for it', () => {
  const planOf = (more: RunOptions) =>
    resolveRun(SCENARIO, { durationMs: 40_000, warmUpMs: 'auto', ...more }, []).plan;
  expect(planOf({})).toMatchObject({ warmUpMs: 8_000, warmUpLimitMs: 20_000 });
  expect(planOf({ maxDurationMs: 45_000 })).toMatchObject({ warmUpLimitMs: 13_000 });
  expect(planOf({ maxDurationMs: 40_000 })).toMatchObject({ warmUpLimitMs: 8_000 });
  expect(planOf({ warmUpMs: 9_000 })).toMatchObject({ warmUpMs: 9_000, warmUpLimitMs: null });
});

describe('the forms of a scenario', () => {
  const terms: Scenario = {
    ...SCENARIO,
    defaults: { ...SCENARIO.defaults, nightlyMs: 1_800_000 },
    budgets: { 'live-heap': 1_000, external: 1_000, fds: 1 },
    ofNode: { budgets: { 'io-write': 500 }, levels: { fds: 100 }, services: ['dns'] },
  };
  const planOf = (options: RunOptions) => resolveRun(terms, options, []).plan;

  test('quick: half a minute at 4 Hz, judged coarsely on heap, descriptors and what it is about', () => {
    const plan = planOf({ length: 'quick' });
    expect(plan).toMatchObject({ durationMs: 28_000, warmUpMs: 5_000, drainMs: 3_000, sampleEveryMs: 250 });
    expect(plan.budgets.filter(({ metric }) => metric !== 'rss')).toEqual([
      { metric: 'live-heap', growthPerMin: 4_000, explicit: false },
      { metric: 'fds', growthPerMin: 48, explicit: false },
      { metric: 'io-write', growthPerMin: 500, explicit: true },
    ]);
  });

  test('nightly: as long as the scenario says, with all of its budgets', () => {
    const plan = planOf({ length: 'nightly' });
    expect(plan).toMatchObject({ durationMs: 1_800_000, sampleEveryMs: 1_000 });
    expect(plan.budgets.map(({ metric }) => metric)).toContain('external');
  });

  test('give way to a time that was asked for', () => {
    expect(planOf({ length: 'quick', durationMs: 40_000 }).durationMs).toBe(40_000);
  });

  test('promise levels and services of our own node, and none of another server', () => {
    expect(planOf({})).toMatchObject({ levels: [{ metric: 'fds', value: 100 }], services: ['dns'] });
    const foreign = planOf({
      target: {
        kind: 'attached',
        pid: 1,
        command: [],
        allowInspect: false,
        addresses: { dns: '127.0.0.1:53' },
      },
    });
    expect(foreign).toMatchObject({ levels: [], services: [] });
    expect(foreign.budgets.map(({ metric }) => metric)).not.toContain('io-write');
  });
});
