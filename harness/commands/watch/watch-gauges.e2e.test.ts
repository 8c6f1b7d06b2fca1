import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { cli, read, readSamples } from '../fixtures/cli.js';
import { openWatched, unique } from '../fixtures/watched.js';

const { start: startWatched, outOf, end } = openWatched();
afterAll(end);

describe('what a process says of itself', () => {
  test('is recorded, and fails on the budget of a gauge of Prometheus text', async () => {
    const [port, out] = [await freePort(), outOf('metrics')];
    const child = await startWatched(unique('metrics'), 'still', String(port));
    const flags = ['--duration', '10s', '--every', '200ms', '--out', out, '--quiet'];
    const budget = 'gauge.jobs{queue="mail"}=10/min';
    const gauges = ['--gauges', `http://127.0.0.1:${port}/metrics`, '--max-growth', budget];
    const { lastLine, stdout } = await cli(['watch', '--pid', String(child.pid), ...flags, ...gauges]);
    expect(lastLine).toBe(`leak-soak: verdict=fail exit=1 dir=${out}`);
    expect(stdout).toMatch(/gauge\.jobs\{queue="mail"\} rises \d+(\.\d)? ± \S+ \/min.*, budget 10 \/min/);
    expect(stdout).toContain(`--max-growth 'gauge.jobs{queue="mail"}=10/min' --gauges http:`);
    const header = readFileSync(join(out, 'samples.csv'), 'utf8').split('\n')[0];
    expect(header).toMatch(/,rig_fds,"gauge\.jobs\{queue=""mail""\}",gauge\.temperature_celsius$/);
    const budgetless = await cli(['compare', out, out]);
    expect(budgetless.stdout).toContain('gauge.jobs{queue="mail"}');
    const loose = await cli([
      'analyze',
      join(out, 'samples.csv'),
      '--max-growth',
      'gauge.temperature_celsius=1/min',
    ]);
    expect(loose.stdout).toContain('gauge.temperature_celsius');
  }, 60_000);

  test('is read from JSON as well, and a ceiling on it ends the watch', async () => {
    const [port, out] = [await freePort(), outOf('health')];
    const child = await startWatched(unique('health'), 'still', String(port));
    const gauges = ['--gauges', `http://127.0.0.1:${port}/health`, '--gauge', 'cache.entries'];
    const flags = ['--every', '200ms', '--max', 'gauge.cache.entries=40', '--out', out];
    const { status } = await cli(['watch', '--pid', String(child.pid), ...flags, ...gauges]);
    expect(status).toBe(1);
    expect(read<Manifest>(out, 'run.json').ceilingHit).toMatchObject({ metric: 'gauge.cache.entries' });
    expect(readSamples(out)[0]).not.toHaveProperty('gauge.cache.limit');
  }, 60_000);

  test('of a Go process are goroutines and heap in use', async () => {
    const [port, out] = [await freePort(), outOf('pprof')];
    const child = await startWatched(unique('pprof'), 'still', String(port));
    const flags = ['--duration', '10s', '--every', '200ms', '--out', out, '--quiet', '--json'];
    const limits = [
      '--max-growth',
      'gauge.go.goroutines=30/min',
      '--max-growth',
      'gauge.go.heap_inuse=1MiB/min',
    ];
    const pprof = ['--pprof', `http://127.0.0.1:${port}`, ...limits];
    const { status, stdout } = await cli(['watch', '--pid', String(child.pid), ...flags, ...pprof]);
    expect(status).toBe(1);
    const { metrics } = JSON.parse(stdout) as RunVerdict;
    const judged = metrics.filter(({ metric }) => metric.startsWith('gauge.'));
    expect(judged).toMatchObject([
      { metric: 'gauge.go.goroutines', unit: 'number', verdict: 'fail', decides: true },
      { metric: 'gauge.go.heap_inuse', growthPerMin: 0, decides: true },
    ]);
  }, 60_000);

  test('is recorded by run as well, and decides nothing unless it is asked', async () => {
    const [port, out] = [await freePort(), outOf('run')];
    const child = await startWatched(unique('run'), 'still', String(port));
    const url = `http://127.0.0.1:${port}`;
    const target = ['--pid', String(child.pid), '--http', `${url}/health`, '--rate', '50'];
    const phases = ['--duration', '6s', '--warm-up', '1s', '--drain', '1s', '--max-duration', '6s'];
    const gauges = ['--gauges', `${url}/health`, '--pprof', url];
    await cli(['run', ...target, ...phases, ...gauges, '--out', out, '--quiet']);
    const rows = readSamples(out);
    expect(Number(rows[0]?.['gauge.go.goroutines'])).toBeGreaterThanOrEqual(10);
    expect(rows[0]).toMatchObject({ 'gauge.cache.limit': '100', 'gauge.go.heap_inuse': '1048576' });
    expect(rows[1]).toMatchObject({ 'gauge.cache.limit': '', 'gauge.go.heap_inuse': '' });
    const { metrics } = read<RunVerdict>(out, 'verdict.json');
    expect(metrics.filter(({ metric }) => metric.startsWith('gauge.'))).toEqual([]);
  }, 60_000);

  test('is nothing when it does not answer, which is said and decides nothing', async () => {
    const [child, out] = [await startWatched(unique('mute'), 'still'), outOf('mute')];
    const gauges = ['--gauges', `http://127.0.0.1:${await freePort()}/metrics`];
    const flags = ['--duration', '2s', '--every', '100ms', '--out', out, '--quiet'];
    const { stdout } = await cli(['watch', '--pid', String(child.pid), ...flags, ...gauges]);
    expect(stdout).toMatch(/no gauge was read from http:.*ECONNREFUSED.* \[gauges-unread\]/);
    expect(readdirSync(out)).not.toContain('samples-1.csv');
  }, 60_000);
});
