import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { RunVerdict } from '../../core/verdict.js';
import { cli, temporaryFolder } from '../fixtures/cli.js';

const SOURCE = fileURLToPath(new URL('../fixtures/leaky-server.c', import.meta.url));
const compiler = spawnSync('cc', ['--version']).status === 0;

const folder = temporaryFolder();
const server = join(folder.path, 'leaky-server');
afterAll(() => folder.remove());

async function soak(name: string, bytes: number, fds: number): Promise<RunVerdict> {
  const [port, out] = [await freePort(), join(folder.path, name)];
  const http = ['--http', `http://127.0.0.1:${port}/`, '--rate', '500', '--out', out];
  const phases = ['--duration', '14s', '--warm-up', '3s', '--drain', '1s', '--sample-every', '200ms'];
  await cli(['run', '--command', `"${server}" ${port} ${bytes} ${fds}`, ...http, ...phases]);
  return JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as RunVerdict;
}

describe.skipIf(!compiler || process.platform !== 'linux').concurrent('a server written in C', () => {
  beforeAll(() => void execFileSync('cc', ['-O1', '-Wall', '-Werror', '-o', server, SOURCE]));

  test('that loses a kilobyte a request fails on RSS, as native code', async () => {
    const verdict = await soak('malloc', 1024, 0);
    expect(verdict).toMatchObject({ verdict: 'fail', exitCode: 1, target: { isNode: false } });
    expect(verdict.classes[0]?.kind).toMatch(/^native/);
    const rss = verdict.metrics.find(({ metric }) => metric === 'rss');
    // 500 requests a second of 1 KiB and malloc's own 16 bytes.
    expect(rss?.growthPerMin).toBeGreaterThan(0.8 * 500 * 60 * 1040);
    expect(rss?.growthPerMin).toBeLessThan(1.2 * 500 * 60 * 1040);
  });

  test('that loses a descriptor every hundred requests fails on descriptors', async () => {
    const verdict = await soak('fds', 0, 1);
    expect(verdict).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(verdict.classes).toMatchObject([{ kind: 'descriptors', metrics: ['fds'] }]);
    expect(verdict.metrics.find(({ metric }) => metric === 'fds')?.growthPerMin).toBeGreaterThan(240);
  });

  test('that loses nothing passes', async () => {
    const verdict = await soak('fixed', 0, 0);
    expect(verdict).toMatchObject({ verdict: 'pass', exitCode: 0, findings: [], classes: [] });
  });
});
