import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CliResult,
  cli,
  processesOf,
  readSamples,
  temporaryFolder,
} from '../harness/commands/fixtures/cli.js';
import type { Manifest } from '../harness/core/manifest.js';
import type { RunVerdict } from '../harness/core/verdict.js';

// The main job in its short form: a quarter of the time at four times the sampling.
const SHORT = ['run', '--scenario', 'udp-flood', '--duration', '18s', '--warm-up', '8s', '--drain', '2s'];
const FAST = ['--sample-every', '250ms'];

const folder = temporaryFolder();
const fixed = join(folder.path, 'fixed');
const faulty = join(folder.path, 'faulty');
let fixedRun: CliResult;
let faultyRun: CliResult;

const verdictOf = (directory: string): RunVerdict =>
  JSON.parse(readFileSync(join(directory, 'verdict.json'), 'utf8')) as RunVerdict;
const manifestOf = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as Manifest;

beforeAll(async () => {
  [fixedRun, faultyRun] = await Promise.all([
    cli([...SHORT, ...FAST, '--out', fixed]),
    cli([...SHORT, ...FAST, '--out', faulty, '--variant', 'before', '--json']),
  ]);
}, 90_000);
afterAll(() => folder.remove());

describe('the fixed node under a flood of new names', () => {
  test('passes with exit code 0, and says so last', () => {
    expect(fixedRun.stderr).toMatch(/verdict=pass/);
    expect(fixedRun.status).toBe(0);
    expect(fixedRun.lastLine).toBe(`leak-soak: verdict=pass exit=0 dir=${fixed}`);
  });

  test('keeps its cache within its limit, full before steady began', () => {
    const cache = verdictOf(fixed).structures.find(({ name }) => name === 'dns-cache');
    expect(cache?.atSteadyStart).toBeGreaterThan(0.9);
    expect(cache?.atSteadyEnd).toBeLessThanOrEqual(1);
  });

  test('answers every question, and every answer is right', () => {
    const load = verdictOf(fixed).load;
    expect(load?.wrong).toBe(0);
    expect(load?.offered).toBeGreaterThan(0.98 * 2000 * 16);
    expect(load?.answered).toBeGreaterThan(0.98 * (load?.offered ?? 0));
  });
});

describe('the node with dns-cache-names', () => {
  test('fails with exit code 1 on live heap, far above budget and detection floor', () => {
    expect(faultyRun.status).toBe(1);
    const verdict = JSON.parse(faultyRun.stdout) as RunVerdict;
    expect(verdict).toEqual(verdictOf(faulty));
    expect(verdict).toMatchObject({ verdict: 'fail', exitCode: 1, fault: 'dns-cache-names' });
    expect(verdict.culprits[0]?.path.slice(-2)).toEqual([
      { name: 'cache', className: 'UnboundedDnsCache' },
      { name: 'names', className: 'Map' },
    ]);
    const liveHeap = verdict.metrics.find(({ metric }) => metric === 'live-heap');
    expect(liveHeap?.verdict).toBe('fail');
    expect(liveHeap?.growthPerMin).toBeGreaterThan(30 * 2 ** 20);
    expect(liveHeap?.growthPerMin).toBeGreaterThan(liveHeap?.detectionFloorPerMin ?? Number.NaN);
    expect(liveHeap?.reason).toMatch(
      /live heap rises [\d.]+ ± [\d.]+ MiB\/min( since [\d.]+ m?s)?, budget 1 MiB\/min/,
    );
  });

  test('still answers every question', () => {
    expect(verdictOf(faulty).load?.wrong).toBe(0);
    expect(verdictOf(faulty).findings).toEqual([]);
  });
});

describe('the files of a run', () => {
  test('are private to the user', () => {
    for (const name of ['samples.csv', 'run.json', 'verdict.json', 'target.log', 'load.log', 'target.toml']) {
      expect(statSync(join(fixed, name)).mode & 0o077).toBe(0);
    }
    expect(statSync(fixed).mode & 0o077).toBe(0);
  });

  test('samples.csv has a row per tick without a gap, and the phases in order', () => {
    const rows = readSamples(fixed);
    const times = rows.map((row) => Number(row.elapsed_ms));
    expect(rows.length).toBeGreaterThanOrEqual(18 * 4);
    for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeLessThan(1500);
    expect([...new Set(rows.map((row) => row.phase))]).toEqual(['warm-up', 'steady', 'drain', 'settle']);
  });

  test('run.json tells what was run, on what, and how it ended', () => {
    const manifest = manifestOf(faulty);
    expect(manifest).toMatchObject({
      state: 'finished',
      faults: ['dns-cache-names'],
      machine: { node: process.version },
      targetExit: { code: 0, signal: null, expected: true, killed: false },
      probes: [
        { at: 'ready', ok: true },
        { at: 'settle', ok: true },
      ],
    });
    expect(manifest.phases.map(({ phase }) => phase)).toEqual([
      'warm-up',
      'steady',
      'drain',
      'settle',
      'attribution',
    ]);
    expect(manifest.cadence?.collections).toBeGreaterThanOrEqual(24);
  });

  test('no process of the runs is left', () => {
    expect(processesOf(manifestOf(fixed).runId)).toEqual([]);
    expect(processesOf(manifestOf(faulty).runId)).toEqual([]);
  });
});

describe('what can be done with two runs', () => {
  test('compare finds the regression one way, and none the other way', async () => {
    const worse = await cli(['compare', fixed, faulty]);
    expect(worse.status).toBe(1);
    expect(worse.lastLine).toMatch(/verdict=fail exit=1/);
    const better = await cli(['compare', faulty, fixed]);
    expect(better.status).toBe(0);
    expect(better.stdout).toMatch(/IMPROVED/);
  });

  test('analyze comes to the same verdict as the run did', async () => {
    const again = await cli(['analyze', faulty, '--json']);
    expect(again.status).toBe(1);
    expect(JSON.parse(again.stdout)).toEqual(verdictOf(faulty));
  });

  test('a folder with a run in it is not overwritten without --force', async () => {
    const before = readFileSync(join(fixed, 'samples.csv'), 'utf8');
    const refused = await cli([...SHORT, '--out', fixed]);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toMatch(/exists and is not empty.*--force/);
    expect(readFileSync(join(fixed, 'samples.csv'), 'utf8')).toBe(before);
  });
});
