import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type CliResult, cli, read, temporaryFolder } from '../harness/commands/fixtures/cli.js';
import { freePort } from '../harness/core/free-port.js';
import type { Manifest } from '../harness/core/manifest.js';
import type { RunVerdict } from '../harness/core/verdict.js';

/** A node of somebody else's that speaks ALFIS's protocol; what it is told to keep is its leak. */
const NODE = fileURLToPath(new URL('../harness/load/peer/fixtures/alfis-node.mjs', import.meta.url));
const SHORT = [
  ...['--duration', '14s', '--warm-up', '4s', '--drain', '1s'],
  ...['--sample-every', '100ms', '--heap-snapshots', 'off', '--json'],
];

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface Soaked {
  readonly result: CliResult;
  readonly verdict: RunVerdict;
  readonly manifest: Manifest;
  /** Growth of a metric per minute; undefined when it was not judged. */
  growthOf(metric: string): number | null | undefined;
}

async function soak(scenario: string, keeps: readonly string[], flags: readonly string[]): Promise<Soaked> {
  const port = await freePort();
  const out = join(folder.path, `${scenario}-${keeps.join()}`);
  const command = [process.execPath, NODE, String(port), ...keeps].map((word) => `"${word}"`).join(' ');
  const target = ['--command', command, '--peer', `127.0.0.1:${port}`];
  const result = await cli(['run', '--scenario', scenario, ...target, ...SHORT, ...flags, '--out', out]);
  const verdict = read<RunVerdict>(out, 'verdict.json');
  return {
    result,
    verdict,
    manifest: read<Manifest>(out, 'run.json'),
    growthOf: (name) => verdict.metrics.find(({ metric }) => metric === name)?.growthPerMin,
  };
}

describe('a peer of somebody else', () => {
  test('that keeps blocks nobody asked for fails block-burst on live heap', async () => {
    const { result, verdict, growthOf } = await soak('block-burst', ['blocks'], ['--rate', '1000']);
    expect(result.status).toBe(1);
    expect(growthOf('live-heap')).toBeGreaterThan(30 * 2 ** 20);
    expect(verdict.load).toMatchObject({ wrong: 0, timeouts: 0 });
  });

  test('that keeps addresses fails peer-exchange on live heap', async () => {
    const { result, growthOf } = await soak('peer-exchange', ['addresses'], ['--rate', '500']);
    expect(result.status).toBe(1);
    expect(growthOf('live-heap')).toBeGreaterThan(10 * 2 ** 20);
  });

  test('that never closes connections fails peer-churn on descriptors', async () => {
    const { result, growthOf } = await soak('peer-churn', ['connections'], ['--rate', '600']);
    expect(result.status).toBe(1);
    expect(growthOf('fds')).toBeGreaterThan(300);
  });

  test('that keeps nothing passes chain-sync, and has the whole chain in the end', async () => {
    const { result, manifest } = await soak('chain-sync', [], ['--rate', '100', '--warm-up', '7s']);
    expect(manifest.probes.at(-1)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/has all 2000 blocks and the same last block, after \d+ requests/),
    });
    expect(manifest.load).toMatchObject({ wrong: 0, timeouts: 0 });
    expect(result.lastLine).toMatch(/verdict=pass exit=0/);
  });
});

test.each<[readonly string[], RegExp]>([
  [['--scenario', 'block-burst', '--command', 'x'], /must know where the target listens: add --peer ADDRESS/],
  [['--peer', '127.0.0.1:1'], /--peer says where a server of yours listens: add --command/],
  [['--scenario', 'udp-flood', '--peer-version', '0.8.8'], /scenario udp-flood calls no ALFIS peer/],
])('%j is a usage error that names the flag', async (flags, message) => {
  const { status, stderr } = await cli(['run', ...flags, '--out', join(folder.path, 'never')]);
  expect(stderr).toMatch(message);
  expect(status).toBe(4);
});

test.each<[readonly string[], RegExp]>([
  [['--peer-origin', '12'], /--peer-origin "12" is not the hash of a block: 64 hex digits/],
  [['--peer-version', 'new'], /--peer-version "new" is not a version of ALFIS/],
])('%j is refused for a peer', async (flags, message) => {
  const peer = ['--scenario', 'peer-churn', '--command', 'x', '--peer', '127.0.0.1:1'];
  const { status, stderr } = await cli(['run', ...peer, ...flags, '--out', join(folder.path, 'never')]);
  expect(stderr).toMatch(message);
  expect(status).toBe(4);
});
