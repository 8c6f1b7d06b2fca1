import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GrowthReport } from '../../core/culprit.js';
import { isAlive, within } from '../../core/fixtures/alive.js';
import { EXPECTED_CULPRITS } from '../../heap/fixtures/expected-culprits.js';
import { leakSnapshots, OPERATIONS } from '../../heap/fixtures/leak-snapshots.js';
import { declareHeap } from '../../heap/fixtures/snapshot-builder.js';
import { findMemlab } from '../../heap/memlab/run-memlab.js';
import { cli, startCli, temporaryFolder } from '../fixtures/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

let mapLeak: readonly string[];
beforeAll(async () => {
  mapLeak = await leakSnapshots('map', folder.path);
}, 60_000);

const inFolder = (name: string): string => join(folder.path, name);

async function diffOf(kind: string): Promise<GrowthReport> {
  const files = await leakSnapshots(kind, folder.path);
  const { status, stdout, stderr } = await cli([
    'heap-diff',
    ...files,
    '--operations',
    `${OPERATIONS}`,
    '--json',
  ]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe('a server that leaks', () => {
  test('into a Map: the text names it, its growth and its holder', async () => {
    const { status, stdout } = await cli(['heap-diff', ...mapLeak, '--operations', `${OPERATIONS}`]);
    expect(stdout).toMatch(/^3 snapshots: .* 1009 operations between two\)$/m);
    expect(stdout).toMatch(/^1\. entries \(Map\) grew at each of 2 steps \[map\]$/m);
    expect(stdout).toMatch(/^ {3}grows {6}DnsRecord 3001 > 4010 > 5019, string 3001 > 4010 > 5019$/m);
    expect(stdout).toMatch(/^ {3}per op {5}\d+ B, 1 object$/m);
    expect(stdout).toMatch(/^ {3}held by .*operate\(\) → server → cache DnsCache → entries Map$/m);
    expect(status).toBe(0);
  });

  test.each(['closures', 'slices', 'timers', 'per-key-arrays'])(
    'by %s: the structure is the first culprit',
    async (kind) => {
      const { culprits } = await diffOf(kind);
      expect(culprits[0]).toMatchObject({ ...EXPECTED_CULPRITS[kind], artefact: false });
      expect(culprits[0]?.growthPerOp?.objects).toBeCloseTo(1, 1);
    },
  );

  test('is told the same from packed snapshots', async () => {
    const packed = mapLeak.map((file) => {
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 1 }));
      return `${file}.gz`;
    });
    const own = JSON.parse((await cli(['heap-diff', ...mapLeak, '--json'])).stdout) as GrowthReport;
    const unpacked = JSON.parse((await cli(['heap-diff', ...packed, '--json'])).stdout) as GrowthReport;
    expect(unpacked.culprits).toEqual(own.culprits);
  });
});

test.each(['lru', 'idle'])('a server that is bounded has no culprit: %s', async (kind) => {
  const { culprits } = await diffOf(kind);
  expect(culprits.filter(({ artefact }) => !artefact)).toEqual([]);
});

describe('what cannot be compared: one clear error, exit 4, no output', () => {
  const damaged = (name: string, damage: (file: string) => void): string => {
    const file = inFolder(name);
    copyFileSync(mapLeak[1] as string, file);
    damage(file);
    return file;
  };
  const small = (): string => declareHeap().write(inFolder('small.heapsnapshot'));

  test.each([
    [
      'cut short',
      () => damaged('cut', (file) => truncateSync(file, 1_000_000)),
      /cut is cut short or damaged/,
    ],
    ['empty', () => damaged('empty', (file) => truncateSync(file, 0)), /empty is empty/],
    [
      'foreign',
      () => damaged('foreign', (file) => writeFileSync(file, 'PK\u0003\u0004 zip')),
      /no V8 heap snapshot/,
    ],
    [
      'corrupt in the middle',
      () =>
        damaged('corrupt', (file) => {
          const bytes = readFileSync(file);
          bytes.write('oops', bytes.indexOf('"edges":') + 5000);
          writeFileSync(file, bytes);
        }),
      /no whole number/,
    ],
    [
      'of enormous counts',
      () =>
        damaged('enormous', (file) => {
          writeFileSync(file, readFileSync(small(), 'utf8').replace(/_count":\d+/g, '_count":9000000000'));
        }),
      /says that it holds 9000000000 nodes/,
    ],
    ['missing', () => inFolder('missing'), /missing \(ENOENT\)/],
    ['a folder', () => folder.path, /is not a file/],
  ])('%s', async (_, make, message) => {
    const { status, stdout, stderr, lastLine } = await cli(['heap-diff', mapLeak[0] as string, make()]);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(lastLine).toBe('leak-soak: verdict=error exit=4 dir=-');
    expect(stdout).toBe('');
    expect(status).toBe(4);
  });

  test.each([
    [[], /missing required argument 'files'/],
    [['a'], /'a' alone shows no growth/],
    [['a', 'b', '--top', '0'], /--top "0" is not a whole number/],
    [['a', 'b', '--operations', 'many'], /--operations "many" is not a whole number/],
    [['a', 'b', '--engine', 'chrome'], /Allowed choices are own, memlab, both/],
    [['a', 'b', '--engine', 'both'], /compares exactly 3 snapshots, not 2/],
    [['a', 'b', 'c.gz', '--engine', 'memlab'], /unpack c\.gz first/],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await cli(['heap-diff', ...args]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(4);
  });
});

test('Ctrl-C ends the comparison at once, and the process that makes it', async () => {
  const many = Array.from({ length: 8 }, () => mapLeak).flat();
  const running = startCli(['heap-diff', ...many]);
  const { pid } = running.child;
  const children = (): string => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  await within(20_000, () => children() !== '');
  const analysis = Number(children());
  running.child.kill('SIGINT');
  const { status, stdout } = await running.result;
  expect(stdout).toBe('');
  expect(status).toBe(130);
  expect(await within(2000, () => !isAlive(analysis))).toBe(true);
});

test.skipIf(findMemlab() !== null)('without memlab, --engine memlab says how to get it', async () => {
  const { status, stdout, stderr } = await cli(['heap-diff', ...mapLeak, '--engine', 'memlab']);
  expect(stderr).toMatch(/npm install --no-save @memlab\/core/);
  expect(stdout).toBe('');
  expect(status).toBe(4);
});

test.runIf(findMemlab() !== null)(
  'with memlab, both say their own, and it leaves nothing behind',
  async () => {
    const { status, stdout } = await cli(['heap-diff', ...mapLeak, '--engine', 'both'], {
      TMPDIR: folder.path,
    });
    expect(stdout).toMatch(
      /1\. entries \(Map\)[\s\S]*memlab: \d+ traces?\n1\. .*cache DnsCache → entries Map/,
    );
    expect(readdirSync(folder.path).filter((name) => name.includes('memlab'))).toEqual([]);
    expect(existsSync(folder.path)).toBe(true);
    expect(status).toBe(0);
  },
);
