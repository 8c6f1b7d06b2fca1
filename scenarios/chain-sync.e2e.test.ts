import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cli, read, temporaryFolder } from '../harness/commands/fixtures/cli.js';
import type { Manifest } from '../harness/core/manifest.js';

const SHORT = ['--duration', '20s', '--max-duration', '20s', '--warm-up', '8s', '--drain', '2s'];
const BLOCKS = 2000;

const folder = temporaryFolder();
afterAll(() => folder.remove());

// The second run takes the place of the first one, whose chain must not be there any more.
test.each(['first', 'second'])(
  'the %s run brings the node the whole chain under attack, asking for little twice',
  async () => {
    const out = join(folder.path, 'sync');
    const args = ['run', '--scenario', 'chain-sync', ...SHORT, '--sample-every', '250ms'];
    await cli([...args, '--force', '--out', out]);
    const { probes, services } = read<Manifest>(out, 'run.json');
    expect(probes[0]).toMatchObject({
      at: 'ready',
      ok: true,
      message: expect.stringMatching(/at height 0$/),
    });
    const last = probes.at(-1);
    expect(last).toMatchObject({ at: 'settle', ok: true });
    const [, requests] =
      /has all 2000 blocks and the same last block, after (\d+) requests/.exec(last?.message ?? '') ?? [];
    expect(Number(requests)).toBeGreaterThanOrEqual(BLOCKS);
    expect(Number(requests)).toBeLessThanOrEqual(1.3 * BLOCKS);
    expect(services.map(({ service, answered }) => [service, answered > 0])).toEqual([
      ['dns', true],
      ['dns-tcp', true],
      ['peer', true],
    ]);
  },
);
