import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder } from '../fixtures/cli.js';
import { MAP, trace } from '../fixtures/trace.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Writes a file of the test's folder; its path. */
function write(name: string, content: string | Buffer): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

describe.concurrent('a recording that cannot be judged', () => {
  const empty = join(folder.path, 'an-empty-folder');
  beforeAll(() => mkdirSync(empty));

  const cells = (pid: (i: number) => number) => (i: number) => `1.0000,${pid(i)}`;
  test.each([
    ['of fewer than 20 samples', trace(99, 19), [], /only 19 readings left to judge; a pass needs 20/],
    ['of zeros', trace(0).replace(/,1\d\d[.\d]*,/g, ',0,'), [], /reads 0 in every row/],
    ['of NaN', trace(0).replace(/,1\d\d[.\d]*,/g, ',NaN,'), [], /no reading left to judge/],
    ['below zero', trace(0).replace(/,1\d\d[.\d]*,/g, ',-5,'), [], /no reading left to judge/],
    ['whose clock was set back', `${trace(0)}100,100,1,1000\n`, [], /time goes back by 19 s at line 123/],
    ['shorter than its warm-up', trace(99), ['--warm-up', '5m'], /no reading after its warm-up/],
    [
      'that saw no clean-up',
      trace(99),
      ['--cleanup-period', '1m'],
      /1\.9 clean-up periods of readings; a verdict needs 3/,
    ],
    ['without load', trace(99, 120, () => '0,1000'), [], /no reading that was taken under load/],
    ['without the metric', trace(0), ['--max-growth', 'fds=1/min'], /open descriptors have no reading/],
    [
      'restarted all the time',
      trace(
        99,
        120,
        cells((i) => Math.floor(i / 10)),
      ),
      [],
      /only 10 readings/,
    ],
  ])('%s is inconclusive and says why', async (name, text, more, reason) => {
    const { status, stdout } = await cli(['analyze', write(`${name}.csv`, text), ...MAP, ...more]);
    expect(stdout).toMatch(reason);
    expect(status).toBe(2);
  });

  test('a restart is reported, and the longest stretch judged', async () => {
    const restarted = trace(
      0,
      120,
      cells((i) => (i < 30 ? 1000 : 1001)),
    );
    const { status, stdout } = await cli(['analyze', write('restart.csv', restarted), ...MAP]);
    expect(stdout).toMatch(/restarted at line 33: pid 1000 became 1001/);
    expect(stdout).toMatch(/lines 33 to 122: 90 of 120 rows/);
    expect(status).toBe(0);
  });

  test.each([
    ['that is empty', '', MAP, /the file is empty/],
    ['that is binary', Buffer.from([1, 0, 2]), MAP, /not a text file/],
    [
      'of unknown columns',
      trace(0),
      [],
      /unknown format with the columns "t", "value".*--time t:s --map rss=value:MiB/,
    ],
    ['of two runs', trace(0) + trace(0).split('\n').slice(2).join('\n'), MAP, /two runs in one file/],
    [
      'of two runs on one clock',
      trace(0).replace(/^60.*/m, '0.000,100,1,1000'),
      MAP,
      /time goes back by 59 s/,
    ],
    ['with a column twice', trace(0).replace('load', 'value'), MAP, /"value" stands there twice/],
    [
      'without the mapped column',
      trace(0),
      [...MAP, '--map', 'fds=files'],
      /no column "files"; the columns are "t"/,
    ],
  ])('%s is refused in one line', async (name, content, flags, message) => {
    const { status, stdout, stderr } = await cli(['analyze', write(`${name}.csv`, content), ...flags]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(4);
  });

  test.each([
    [['--map', 'fds=value:MiB', '--time', 't'], /fds is a count and has no unit "MiB"/],
    [['--map', 'rss=value:MiB'], /--map needs --time/],
    [['--time', 't'], /--time needs --map/],
    [['--map', 'heap-used=value', '--time', 't'], /no default budget: add e\.g\. --max-growth heap-used=/],
    [[...MAP, '--map', 'rss=load'], /--map names rss twice/],
    [[...MAP, '--max-growth', 'rss=0MiB/min'], /above zero/],
    [[...MAP, '--max-growth', 'rss=-1MiB/min'], /is not a growth rate/],
    [[...MAP, '--warm-up', 'long'], /--warm-up "long" is not a duration/],
    [[...MAP, '--cleanup-period', '0s'], /--cleanup-period/],
  ])('flags %j are refused', async (flags, message) => {
    const { status, stderr } = await cli(['analyze', join(empty, 'any.csv'), ...flags]);
    expect(stderr).toMatch(message);
    expect(status).toBe(4);
  });

  test('a folder that holds no run is refused', async () => {
    const { status, stderr } = await cli(['analyze', empty]);
    expect(stderr).toMatch(/is not the directory of a run: it has no run\.json/);
    expect(status).toBe(4);
  });
});
