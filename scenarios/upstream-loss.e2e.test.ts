import { afterAll, describe, test } from 'vitest';
import { cli, temporaryFolder } from '../harness/commands/fixtures/cli.js';
import type { RunVerdict } from '../harness/core/verdict.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const ARGS = ['run', '--scenario', 'upstream-loss', '--duration', '24s', '--warm-up', '8s', '--drain', '3s'];
const FAST = ['--sample-every', '250ms', '--json'];

describe.concurrent('an upstream that loses every other question', () => {
  test('leaves nothing behind in the fixed node: pass, and every question gets an answer', async ({
    expect,
  }) => {
    const { status, stdout } = await cli([
      ...ARGS,
      ...FAST,
      '--out',
      `${folder.path}/after`,
      '--variant',
      'after',
    ]);
    const verdict = JSON.parse(stdout) as RunVerdict;
    expect(verdict.findings).toEqual([]);
    expect(verdict.load?.answered).toBe(verdict.load?.offered);
    expect(status).toBe(0);
  });

  test('leaves every timed-out query behind with dns-in-flight: fail on live heap', async ({ expect }) => {
    const { status, stdout } = await cli([
      ...ARGS,
      ...FAST,
      '--out',
      `${folder.path}/before`,
      '--variant',
      'before',
    ]);
    const verdict = JSON.parse(stdout) as RunVerdict;
    expect(verdict.fault).toBe('dns-in-flight');
    const liveHeap = verdict.metrics.find(({ metric }) => metric === 'live-heap');
    expect(liveHeap).toMatchObject({ verdict: 'fail', decides: true });
    expect(status).toBe(1);
  });
});
