import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { cli, processesOf, read, readSamples, startCli } from '../fixtures/cli.js';
import { openWatched, unique } from '../fixtures/watched.js';

const { start: startWatched, outOf, end } = openWatched();
afterAll(end);

describe.concurrent('a process that somebody else drives', () => {
  test('fails when it leaks, Ctrl-C being the ordinary end, and goes on', async () => {
    const [child, out] = [await startWatched(unique('leaking'), 'leak'), outOf('leaking')];
    const running = startCli(['watch', '--pid', String(child.pid), '--every', '100ms', '--out', out]);
    await running.seen('after 12 s: ');
    running.child.kill('SIGINT');
    const { lastLine, stderr, stdout } = await running.result;
    expect(lastLine).toBe(`leak-soak: verdict=fail exit=1 dir=${out}`);
    expect(stderr).toMatch(/watching process \d+ .* until Ctrl-C, a sample every 100 ms/);
    expect(stderr).toMatch(/after \d+ s: .*rss \d+\.\d ± .* MiB\/min/);
    expect(stdout).toMatch(new RegExp(`repeat: leak-soak watch --pid ${child.pid} --every 100ms`));
    const manifest = read<Manifest>(out, 'run.json');
    expect(manifest).toMatchObject({ state: 'finished', scenario: 'watch', load: null });
    expect(manifest.target).toMatchObject({ kind: 'attached', pid: child.pid, isNode: true });
    expect(manifest.phases.map(({ phase }) => phase)).toEqual(['steady']);
    expect(processesOf(manifest.runId)).toEqual([]);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);

    // The folder is a run: whole, and with its samples in several parts.
    const rss = ({ metrics }: RunVerdict) => metrics.find(({ metric }) => metric === 'rss');
    const written = read<RunVerdict>(out, 'verdict.json');
    const whole = await cli(['analyze', out, '--json']);
    expect(rss(JSON.parse(whole.stdout) as RunVerdict)).toEqual(rss(written));
    const [header, ...rows] = readFileSync(join(out, 'samples.csv'), 'utf8').trimEnd().split('\n');
    const third = Math.ceil(rows.length / 3);
    for (const [i, name] of ['samples-1.csv', 'samples-2.csv', 'samples.csv'].entries()) {
      const part = rows.slice(i * third, (i + 1) * third);
      writeFileSync(join(out, name), `${[header, ...part].join('\n')}\n`);
    }
    const rotated = await cli(['analyze', out, '--json']);
    expect(JSON.parse(rotated.stdout)).toEqual(JSON.parse(whole.stdout));
  }, 60_000);

  test('passes when it stands still, found by the name of its script', async () => {
    const [name, out] = [unique('standing'), outOf('standing')];
    const child = await startWatched(name, 'still');
    const flags = ['--duration', '15s', '--every', '100ms', '--warm-up', '1s', '--out', out, '--quiet'];
    const { lastLine, stdout } = await cli(['watch', '--name', name, ...flags, '--json']);
    expect(lastLine).toBe(`leak-soak: verdict=pass exit=0 dir=${out}`);
    expect((JSON.parse(stdout) as RunVerdict).target.pid).toBe(child.pid);
    expect(Number(readSamples(out).at(-1)?.elapsed_ms)).toBeGreaterThan(14_000);
    const again = await cli(['compare', out, out]);
    expect(again.status).toBe(0);
  }, 60_000);

  test('is read from inside on request', async () => {
    const [child, out] = [await startWatched(unique('inspected'), 'still'), outOf('inspected')];
    const flags = ['--duration', '4s', '--every', '200ms', '--out', out, '--quiet', '--allow-inspect'];
    const { stdout } = await cli(['watch', '--pid', String(child.pid), ...flags]);
    expect(stdout).toContain('--allow-inspect --every 200ms');
    const read = readSamples(out).filter(({ live_heap_bytes: live }) => live !== '');
    expect(read.length).toBeGreaterThan(3);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  }, 60_000);

  test('that goes away is exit 3, and what was seen of it is kept', async () => {
    const [child, out] = [await startWatched(unique('leaving'), 'still'), outOf('leaving')];
    const running = startCli(['watch', '--pid', String(child.pid), '--every', '100ms', '--out', out]);
    await running.seen('steady');
    child.kill('SIGTERM');
    const { lastLine } = await running.result;
    expect(lastLine).toBe(`leak-soak: verdict=error exit=3 dir=${out}`);
    const { findings } = read<RunVerdict>(out, 'verdict.json');
    expect(findings[0]).toMatchObject({ id: 'target-died' });
    expect(read<Manifest>(out, 'run.json').state).toBe('finished');
    expect(readSamples(out).length).toBeGreaterThan(0);
  });

  test('that goes away after outgrowing its budget is exit 1', async () => {
    const [child, out] = [await startWatched(unique('outgrown'), 'leak'), outOf('outgrown')];
    const running = startCli(['watch', '--pid', String(child.pid), '--every', '100ms', '--out', out]);
    await running.seen('after 12 s: ');
    child.kill('SIGKILL');
    const { lastLine } = await running.result;
    expect(lastLine).toBe(`leak-soak: verdict=fail exit=1 dir=${out}`);
    expect(read<RunVerdict>(out, 'verdict.json').findings[0]).toMatchObject({ id: 'died-of-growth' });
  }, 60_000);

  test('with a child of the same name is one match, and both are counted', async () => {
    const [name, out] = [unique('forking'), outOf('forking')];
    const child = await startWatched(name, 'fork');
    const flags = ['--duration', '3s', '--every', '200ms', '--out', out, '--quiet'];
    await cli(['watch', '--name', `${name}.mjs`, ...flags]);
    expect(read<Manifest>(out, 'run.json').target.pid).toBe(child.pid);
    expect(readSamples(out).at(-1)?.tree_processes).toBe('2');
    for (const { pid } of readProcesses(out)) process.kill(pid, 'SIGKILL');
  });
});

/** The processes of a tree by `processes.csv`, each once. */
function readProcesses(out: string): { pid: number }[] {
  const rows = readFileSync(join(out, 'processes.csv'), 'utf8').trimEnd().split('\n').slice(1);
  return [...new Set(rows.map((row) => Number(row.split(',')[1])))].map((pid) => ({ pid }));
}

describe('what cannot be watched', () => {
  test('two processes of one name are listed', async () => {
    const name = unique('twins');
    const twins = [await startWatched(name, 'still'), await startWatched(name, 'still')];
    const { status, stderr } = await cli(['watch', '--name', name]);
    expect(stderr).toMatch(/matches 2 processes: .*; give --pid N/);
    for (const { pid } of twins) expect(stderr).toContain(`${pid} (`);
    expect(status).toBe(4);
  });

  test.each<[readonly string[], RegExp]>([
    [[], /nothing to watch: name a process with --pid N or --name NAME/],
    [['--pid', '1', '--name', 'x'], /--pid and --name exclude each other/],
    [['--name', 'no-such-program'], /--name no-such-program: no process has this name/],
    [['--pid', '4194304'], /--pid 4194304: there is no such process/],
    [['--pid', '1', '--allow-inspect'], /--allow-inspect: process 1 does not run Node/],
    [['--pid', '1', '--every', '1ms'], /--every "1ms" is out of range/],
    [['--pid', String(process.pid), '--max-growth', 'gauge.x=1/min'], /add --gauges URL or --pprof URL/],
    [['--pid', String(process.pid), '--gauges', 'http://192.0.2.1/metrics'], /is not on this machine/],
  ])('%j: one clear line, exit 4', async (flags, message) => {
    const { status, stderr } = await cli(['watch', ...flags, '--out', outOf('never')]);
    expect(stderr).toMatch(message);
    expect(status).toBe(4);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
