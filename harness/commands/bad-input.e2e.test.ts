import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../core/manifest.js';
import { cli, temporaryFolder } from './fixtures/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const out = join(folder.path, 'never');
const RUN = ['run', '--scenario', 'udp-flood', '--out', out];

describe.concurrent('a command line that cannot be carried out', () => {
  test.each([
    [[], /Usage: leak-soak/],
    [['fly'], /unknown command 'fly'/],
    [['run'], /--scenario is missing: one of/],
    [['run', '--scenario', 'udp-flod', '--out', out], /unknown scenario 'udp-flod': one of udp-flood/],
    [[...RUN, '--fault', 'dns-cache'], /unknown fault 'dns-cache': the node knows dns-cache-names/],
    [
      [...RUN, '--fault', 'dns-cache-names', '--variant', 'before'],
      /--fault and --variant exclude each other/,
    ],
    [[...RUN, '--variant', 'both'], /Allowed choices are before, after/],
    [[...RUN, '--max-growth', 'memory=1MiB/min'], /unknown metric "memory".*Known:.*rss/],
    [[...RUN, '--max-growth', 'rss=1Mb/min'], /"1Mb\/min".*MiB/],
    [[...RUN, '--max-growth', 'fds=1MiB/min'], /fds.*has no unit/],
    [[...RUN, '--max-growth', 'rss=0MiB/min'], /above zero/],
    [[...RUN, '--max-growth', 'rss'], /METRIC=RATE/],
    [[...RUN, '--max', 'rss'], /METRIC=LEVEL/],
    [[...RUN, '--max', 'rss=5'], /--max rss "5" is not a size/],
    [[...RUN, '--max', 'fds=many'], /--max fds "many" is not a number above zero/],
    [[...RUN, '--max', 'ram=5MiB'], /unknown metric "ram"/],
    [[...RUN, '--duration', '-5s'], /--duration/],
    [[...RUN, '--duration', '0s'], /--duration/],
    [[...RUN, '--duration', '100000h'], /--duration.*out of range/],
    [[...RUN, '--duration', '40'], /--duration "40" is not a duration/],
    [[...RUN, '--rate', '-1'], /--rate/],
    [[...RUN, '--rate', 'fast'], /--rate "fast" is not a rate/],
    [[...RUN, '--rate', '1e12'], /--rate/],
    [[...RUN, '--sample-every', '1ms'], /--sample-every/],
    [[...RUN, '--warm-up', '2h'], /no steady load/],
    [[...RUN, '--seed', '1.5'], /--seed/],
    [[...RUN, '--zone', 'a..b'], /zone 'a\.\.b'/],
    [[...RUN, '--sampler', 'ps'], /Allowed choices are proc, pidusage/],
    [['run', '--scenario', 'udp-flood', '--out', ''], /names no folder/],
    [[...RUN, '--rate', '0x10'], /--rate/],
    [[...RUN, '--max-growth', 'rss=99999999999999999999999MiB/min'], /below what a machine can hold/],
    [[...RUN, '--no-force-gc', '--max-growth', 'live-heap=1MiB/min'], /needs forced collections/],
    [['list', 'things'], /cannot list 'things'/],
    [['analyze', join(folder.path, 'nowhere')], /is not the directory of a run/],
    [['compare', folder.path], /holds no pair of runs/],
  ] as const)('%j: one clear line, exit 4, nothing written', async (args, message) => {
    const { status, stderr, lastLine } = await cli(args as readonly string[]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(lastLine).toBe('leak-soak: verdict=error exit=4 dir=-');
    expect(status).toBe(4);
    expect(existsSync(out)).toBe(false);
  });
});

describe.concurrent('a recording that cannot be judged', () => {
  const HEADER = 'elapsed_ms,phase,pid,rss_bytes,fds\n';
  const ROWS = Array.from({ length: 30 }, (_, i) => `${i * 1000},steady,42,${90e6 + i},20\n`);
  const recordings = new Map<string, string>([
    ['empty', ''],
    ['of other columns', `time,memory\n1,2\n`],
    ['with a misspelt column', `elapsed_ms,phase,pid,rss_byte\n0,steady,1,5\n`],
    ['with NaN', `${HEADER}${ROWS.join('')}30000,steady,42,NaN,20\n`],
    ['with a second header', `${HEADER}${ROWS.join('')}${HEADER}${ROWS.join('')}`],
    [
      'of two processes',
      `${HEADER}${ROWS.join('')}30000,steady,43,90000000,20\n31000,steady,43,90000000,20\n`,
    ],
    [
      'whose time goes back',
      `${HEADER}${ROWS.join('')}1000,steady,42,90000000,20\n2000,steady,42,90000000,20\n`,
    ],
    ['with a torn row', `${HEADER}${ROWS[0]}1000,steady\n${ROWS[2]}`],
  ]);
  const EXPECTED = new Map<string, RegExp>([
    ['empty', /samples\.csv.*empty/],
    ['of other columns', /samples\.csv:1: no header with our columns, found "time,memory"/],
    ['with a misspelt column', /samples\.csv:1: .*rss_byte/],
    ['with NaN', /samples\.csv:32: .*NaN/],
    ['with a second header', /samples\.csv:32: .*header/],
    ['of two processes', /samples\.csv:3[23]: .*4[23]/],
    ['whose time goes back', /samples\.csv:32: /],
    ['with a torn row', /samples\.csv:3: /],
  ]);
  const directoryOf = (name: string): string => join(folder.path, name.replaceAll(' ', '-'));

  beforeAll(async () => {
    const good = join(folder.path, 'good');
    const short = ['--duration', '2s', '--warm-up', '500ms', '--drain', '200ms', '--sample-every', '100ms'];
    await cli(['run', '--scenario', 'udp-flood', ...short, '--out', good]);
    // The rows below name process 42; a manifest about another one would be refused.
    const manifest = JSON.parse(readFileSync(join(good, 'run.json'), 'utf8')) as Manifest;
    const ours = { ...manifest, target: { ...manifest.target, pid: 42 } };
    writeFileSync(join(good, 'run.json'), JSON.stringify(ours));
    for (const [name, csv] of recordings) {
      mkdirSync(directoryOf(name));
      writeFileSync(join(directoryOf(name), 'run.json'), readFileSync(join(good, 'run.json')));
      writeFileSync(join(directoryOf(name), 'samples.csv'), csv);
    }
  });

  test.each([...recordings.keys()])('%s: file and line are named, exit 4', async (name) => {
    const { status, stderr } = await cli(['analyze', directoryOf(name)]);
    expect(stderr).toMatch(EXPECTED.get(name) as RegExp);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(4);
  });

  test('whose last row was cut off is judged without it, and says so', async () => {
    const directory = directoryOf('cut off');
    mkdirSync(directory);
    writeFileSync(join(directory, 'run.json'), readFileSync(join(folder.path, 'good', 'run.json')));
    writeFileSync(join(directory, 'samples.csv'), `${HEADER}${ROWS.join('')}30000,stea`);
    const { status, stdout } = await cli(['analyze', directory]);
    expect(stdout).toMatch(/truncated-row/);
    expect(status).toBe(2);
  });

  test('whose samples are of another process than its manifest', async () => {
    const directory = directoryOf('of two runs');
    mkdirSync(directory);
    writeFileSync(join(directory, 'run.json'), readFileSync(join(folder.path, 'good', 'run.json')));
    writeFileSync(join(directory, 'samples.csv'), `${HEADER}${ROWS.join('').replaceAll(',42,', ',43,')}`);
    const { status, stderr } = await cli(['analyze', directory]);
    expect(stderr).toMatch(/samples process 43, but run\.json is about 42/);
    expect(status).toBe(4);
  });

  test.each([
    ['nothing', ''],
    ['half of it', '{"schemaVersion": 1, "leakSoak'],
    ['something else', '{"name": "leak-soak", "version": "0.1.0"}'],
  ])('whose run.json holds %s', async (name, text) => {
    const directory = directoryOf(`run json ${name}`);
    mkdirSync(directory);
    writeFileSync(join(directory, 'run.json'), text);
    writeFileSync(join(directory, 'samples.csv'), `${HEADER}${ROWS.join('')}`);
    const { status, stderr } = await cli(['analyze', directory]);
    expect(stderr).toMatch(/run\.json/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(4);
  });
});

describe.concurrent('what is asked for help', () => {
  test.each([
    [['--help'], /Exit codes: 0 pass/],
    [['run', '--help'], /--max-growth <metric=rate>/],
    [['target', '--help'], /--config/],
    [['--version'], /^\d+\.\d+\.\d+$/m],
    [['list'], /udp-flood[\s\S]*dns-in-flight[\s\S]*live-heap/],
    [['list', 'faults'], /dns-cache-names/],
    [['doctor'], /ulimit -n/],
    [['target', 'faults'], /dns-cache-names/],
  ] as const)('%j is answered on stdout with exit 0', async (args, text) => {
    const { status, stdout } = await cli(args as readonly string[]);
    expect(stdout).toMatch(text);
    expect(status).toBe(0);
  });

  test.each([
    [['list', '--json']],
    [['list', 'faults', '--json']],
    [['doctor', '--json']],
    [['target', 'faults', '--json']],
  ])('%j is JSON', async (args) => {
    const { status, stdout } = await cli(args);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
    expect(status).toBe(0);
  });
});
