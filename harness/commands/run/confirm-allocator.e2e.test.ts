import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { type CliResult, cli, temporaryFolder } from '../fixtures/cli.js';

const SOURCE = fileURLToPath(new URL('../fixtures/fragment.c', import.meta.url));
const compiler = spawnSync('cc', ['--version']).status === 0;

const folder = temporaryFolder();
afterAll(() => folder.remove());

const out = join(folder.path, 'run');
const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

describe.skipIf(!compiler || process.platform !== 'linux')('a node whose allocator fragments', () => {
  let result: CliResult;
  beforeAll(async () => {
    const library = join(folder.path, 'fragment.so');
    execFileSync('cc', ['-O0', '-shared', '-fPIC', '-pthread', '-o', library, SOURCE]);
    const flags = [
      '--duration',
      '44s',
      '--warm-up',
      '12s',
      '--max-duration',
      '44s',
      '--confirm-allocator',
      '--out',
      out,
    ];
    // More arenas than threads, however few cores this machine has.
    result = await cli(['run', '--scenario', 'udp-flood', ...flags], {
      LD_PRELOAD: library,
      MALLOC_ARENA_MAX: '128',
    });
  }, 200_000);

  test('fails on RSS still, with fragmentation as its class', () => {
    const verdict = readJson<RunVerdict>(join(out, 'verdict.json'));
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('the run is repeated with MALLOC_ARENA_MAX=2');
    expect(verdict.classes).toMatchObject([{ kind: 'fragmentation', metrics: ['rss'] }]);
    expect(verdict.classes[0]?.evidence).toMatch(/^with MALLOC_ARENA_MAX=2 RSS grew .* instead of /);
    expect(result.stdout).toContain('fragmentation: with MALLOC_ARENA_MAX=2');
  });

  test('leaves the repeated run complete, and analyze comes to the same', async () => {
    const repeated = join(out, 'confirm-allocator');
    expect(readJson<Manifest>(join(repeated, 'run.json'))).toMatchObject({
      state: 'finished',
      machine: { allocatorEnv: { MALLOC_ARENA_MAX: '2' } },
    });
    expect(readJson<RunVerdict>(join(repeated, 'verdict.json')).reproduce).toMatch(
      /^MALLOC_ARENA_MAX=2 leak-soak run/,
    );
    const [both, second] = [
      await cli(['analyze', '--json', out]),
      await cli(['analyze', '--json', repeated]),
    ];
    expect(JSON.parse(both.stdout).classes[0].kind).toBe('fragmentation');
    expect(both.status).toBe(1);
    expect(JSON.parse(second.stdout).metrics.length).toBeGreaterThan(3);
  });

  test('a forced run into the same folder takes the repeated one away', async () => {
    await cli([
      'run',
      '--scenario',
      'udp-flood',
      '--duration',
      '2s',
      '--max-duration',
      '2s',
      '--out',
      out,
      '--force',
    ]);
    expect(existsSync(join(out, 'confirm-allocator'))).toBe(false);
  });
});

test('a deadline and a run that may be repeated exclude each other', async () => {
  const { status, stderr } = await cli([
    ...['run', '--scenario', 'udp-flood', '--duration', '10s'],
    ...['--confirm-allocator', '--deadline', '1m', '--out', join(folder.path, 'never')],
  ]);
  expect(status).toBe(4);
  expect(stderr).toContain('--confirm-allocator may repeat the run, which --deadline does not foresee');
});
