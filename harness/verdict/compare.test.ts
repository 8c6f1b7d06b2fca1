import { expect, test } from 'vitest';
import type { Compared } from '../core/comparison.js';
import { normalNoise } from '../stats/fixtures/noise.js';
import { comparePairs } from './compare.js';
import { buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import type { RecordedRun } from './recorded-run.js';

function run(growthMib: number, noiseMib = 0.05, seed = 1): RecordedRun {
  const noise = normalNoise(seed);
  const recording = buildRecording({
    columns: { live_heap_bytes: (t) => (30 + growthMib * t + noiseMib * noise()) * MIB },
  });
  return { manifest: buildManifest(), recording };
}

function compared(before: RecordedRun, after: RecordedRun): Compared {
  const comparison = comparePairs([{ before, after }]);
  return comparison.state === 'compared' ? comparison : expect.fail('refused');
}

test('a leak that came is a regression with exit 1, the same leak that went an improvement with exit 0', () => {
  const [fixed, leaky] = [run(0, 0.05, 1), run(72, 0.05, 2)];
  const worse = compared(fixed, leaky);
  expect(worse).toMatchObject({ outcome: 'regressed', exitCode: 1, differences: [], warnings: [] });
  expect(worse.metrics[0]).toMatchObject({ metric: 'live-heap', outcome: 'regressed', decides: true });
  expect(worse.metrics[0]?.reason).toMatch(
    /^live heap grows faster than before by 72(\.\d)? ± 0\.\d MiB\/min \(tolerance 1 MiB\/min\)$/,
  );
  expect(compared(leaky, fixed)).toMatchObject({ outcome: 'improved', exitCode: 0 });
});

test('two like runs show no difference, with levels beside', () => {
  const comparison = compared(run(0, 0.05, 1), run(0, 0.05, 2));
  expect(comparison).toMatchObject({ outcome: 'no-difference', exitCode: 0 });
  expect(comparison.metrics.find(({ metric }) => metric === 'fds')).toMatchObject({
    outcome: 'no-difference',
    differencePerMin: 0,
    before: { level: 22, samples: 45 },
    tolerancePerMin: 8,
  });
});

test('noise that hides the tolerance is inconclusive with exit 2', () => {
  expect(compared(run(0, 3, 1), run(0, 3, 2))).toMatchObject({ outcome: 'inconclusive', exitCode: 2 });
});

test('doubt about an improvement alone does not hold up the comparison', () => {
  const comparison = compared(run(1.1, 0.3, 1), run(0, 0.05, 2));
  expect(comparison.metrics[0]).toMatchObject({ outcome: 'inconclusive' });
  expect(comparison.metrics[0]?.reason).toContain('not worse, but whether better cannot be told');
  expect(comparison.exitCode).toBe(0);
});

test('unlike runs are refused with the settings that differ, unless forced', () => {
  const before = run(0);
  const manifest = buildManifest({
    scenario: 'upstream-loss',
    plan: { ratePerSec: 200, seed: 9, cleanupPeriodMs: 5_000 },
    machine: { ...before.manifest.machine, node: 'v22.1.0', allocatorEnv: { MALLOC_ARENA_MAX: '2' } },
    faults: ['dns-cache-names'],
  });
  const after = { ...run(0), manifest };
  const refused = comparePairs([{ before, after }]);
  expect(refused).toMatchObject({ state: 'refused', exitCode: 4 });
  expect(refused.differences).toEqual([
    { setting: 'scenario', before: 'udp-flood', after: 'upstream-loss' },
    { setting: 'plan.cleanupPeriodMs', before: '(none)', after: '5000' },
    { setting: 'plan.ratePerSec', before: '100', after: '200' },
    { setting: 'machine.node (major)', before: '20', after: '22' },
    { setting: 'machine.allocatorEnv', before: '(none)', after: 'MALLOC_ARENA_MAX=2' },
  ]);
  expect(comparePairs([{ before, after }], { force: true })).toMatchObject({
    state: 'compared',
    exitCode: 0,
  });
});

test('fault, version, command and seed are the treatment; kernel and processor only warn', () => {
  const before = run(0);
  const { machine, target } = before.manifest;
  const manifest = buildManifest({
    faults: ['dns-cache-names'],
    target: { ...target, version: '9', command: ['other'] },
    plan: { seed: 99 },
    machine: { ...machine, kernel: '6.9.0', cpu: 'another' },
  });
  const comparison = compared(before, { ...run(0, 0.05, 2), manifest });
  expect(comparison.exitCode).toBe(0);
  expect(comparison.warnings).toHaveLength(2);
  expect(comparison.warnings[0]).toContain(
    'machine.kernel differs and may explain a difference: 6.1.0 before',
  );
});

test('another load or an unfinished run lowers certainty but hides no regression', () => {
  const half = (growth: number): RecordedRun => ({
    ...run(growth),
    recording: buildRecording({
      columns: {
        offered: (_, __, loadMinutes) => 3000 * loadMinutes,
        live_heap_bytes: (t) => (30 + growth * t) * MIB,
      },
    }),
  });
  expect(compared(run(0), half(0))).toMatchObject({ outcome: 'inconclusive', exitCode: 2 });
  expect(compared(run(0), half(72))).toMatchObject({ outcome: 'regressed', exitCode: 1 });
  const killed = { ...run(0), manifest: buildManifest({ state: 'running' }) };
  expect(compared(killed, run(0))).toMatchObject({ outcome: 'inconclusive', exitCode: 2 });
});

test('too few readings on one side are inconclusive', () => {
  const sparse: RecordedRun = {
    manifest: buildManifest(),
    recording: buildRecording({
      columns: { live_heap_bytes: (_, row) => (row % 9 === 0 ? 30 * MIB : null) },
    }),
  };
  const comparison = compared(run(0), sparse);
  expect(comparison.metrics[0]).toMatchObject({
    outcome: 'inconclusive',
    differencePerMin: null,
    pRegressed: null,
  });
  expect(comparison.exitCode).toBe(2);
});

test('growth that was released again is no regression, as it is no fail of the run alone', () => {
  const released: RecordedRun = {
    manifest: buildManifest(),
    recording: buildRecording({
      seconds: 130,
      drainFromSec: 125,
      columns: {
        live_heap_bytes: (t, row) => (30 + 60 * t - (row > 80 ? 60 : 0) + 0.1 * (row % 3)) * MIB,
      },
    }),
  };
  expect(compared(run(0), released)).toMatchObject({ outcome: 'inconclusive', exitCode: 2 });
});

test('a side that hardly moves, but as slowly as to leave few independent readings, does not blur the other', () => {
  let walk = 0;
  const steps = normalNoise(3);
  const columns = {
    live_heap_bytes: () => {
      walk = 0.95 * walk + 256 * steps();
      return 30 * MIB + walk;
    },
  };
  const slow = { manifest: buildManifest(), recording: buildRecording({ columns }) };
  const [metric] = compared(slow, run(0, 0.3, 2)).metrics;
  const alone = metric?.after.halfWidthPerMin ?? Number.NaN;
  expect(metric?.before.halfWidthPerMin).toBeLessThan(0.1 * alone);
  expect(metric?.halfWidthPerMin).toBeLessThan(1.05 * alone);
});

test('a version before that is all noise does not hold up one that is flat for sure, but a noisy one after does', () => {
  const [noisy, flat] = [run(0, 3, 1), run(0, 0.05, 2)];
  expect(compared(noisy, flat).metrics[0]?.outcome).toBe('inconclusive');
  expect(compared(noisy, flat).exitCode).toBe(0);
  expect(compared(flat, noisy).exitCode).toBe(2);
});
