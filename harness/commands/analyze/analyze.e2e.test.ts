import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI, cli, temporaryFolder } from '../fixtures/cli.js';
import { MAP, seconds, trace } from '../fixtures/trace.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const MIB = 2 ** 20;

/** Writes a file of the test's folder; its path. */
function write(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

const PSRECORD = `# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)\n${seconds(120)
  .map((i) => `${[i, 3.2, 90 + i / 10, 600].map((x) => x.toFixed(3).padStart(12)).join(' ')}\n`)
  .join('')}`;

const PIDSTAT = `Linux 6.1.0 (host) \t11/20/26 \t_x86_64_\t(8 CPU)\n\n${seconds(120)
  .map(
    (i) =>
      '# Time        UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM threads   fd-nr  Command\n' +
      `${1783037733 + i}     1000        42      0.00      0.00  610340   53000   0.33      11      ${22 + Math.floor(i / 4)}  node\n\n`,
  )
  .join('')}`;

const TRUSTFLOW =
  'timestamp,pid,cpu_percent,mem_percent,rss_mb,vsz_mb,threads,file_descriptors,tcp_connections,goroutines,heap_allocs,heap_inuse_mb,active_streams,service_cache,relay_circuits\n' +
  seconds(120)
    .map((i) => {
      const at = new Date(Date.UTC(2026, 0, 1) + i * 30_000).toISOString().slice(0, 19).replace('T', ' ');
      return `${at},42,3.1,0.4,${(45 + 0.02 * (i % 3)).toFixed(2)},1250.00,14,25,2,14,0,0,0,0,0\n`;
    })
    .join('');

const SAMPLES = `elapsed_ms,phase,pid,rss_bytes,fds\n${seconds(120)
  .map((i) => `${i * 1000},steady,42,${90 * MIB + 4096 * (i % 5)},22\n`)
  .join('')}`;

interface Line {
  readonly file: string;
  readonly metric: string;
  readonly verdict: string;
}

/** The objects of `--json`, one per line. */
function linesOf(stdout: string): readonly (Line & Readonly<Record<string, unknown>>)[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe.concurrent('a recording of another sampler', () => {
  test.each([
    ['psrecord.log', PSRECORD, 1, ['rss fail']],
    ['pidstat.txt', PIDSTAT, 1, ['fds fail', 'threads pass', 'rss pass']],
    ['trustflow.csv', TRUSTFLOW, 0, ['fds pass', 'threads pass', 'rss pass']],
    ['loose-samples.csv', SAMPLES, 0, ['fds pass', 'rss pass']],
  ])('%s is recognised and judged', async (name, text, exitCode, verdicts) => {
    const { status, stdout, lastLine } = await cli(['analyze', write(name, text), '--json']);
    expect(linesOf(stdout).map(({ metric, verdict }) => `${metric} ${verdict}`)).toEqual(verdicts);
    expect(status).toBe(exitCode);
    expect(lastLine).toBe(`leak-soak: verdict=${exitCode === 1 ? 'fail' : 'pass'} exit=${exitCode} dir=-`);
  });

  test('that could not read its memory passes only on metrics that the user named', async () => {
    const unread = write('unread.csv', TRUSTFLOW.replace(/,45\.\d\d,/g, ',0.00,'));
    const whole = await cli(['analyze', unread]);
    expect(whole.stdout).toMatch(
      /inconclusive: .*unread\.csv: RSS reads 0 in every row, which is no reading/,
    );
    expect(whole.status).toBe(2);
    const named = await cli(['analyze', unread, '--max-growth', 'threads=1/min']);
    expect(named.stdout).toMatch(/not judged, no row having a reading above 0: rss/);
    expect(named.status).toBe(0);
  });

  test('in any table is judged by a map of its columns, one JSON object per file and metric', async () => {
    const file = write('leak.csv', trace(12));
    const { status, stdout } = await cli(['analyze', file, ...MAP, '--max-growth', 'rss=3MiB/min', '--json']);
    expect(status).toBe(1);
    expect(linesOf(stdout)).toHaveLength(1);
    expect(linesOf(stdout)[0]).toEqual({
      file,
      metric: 'rss',
      verdict: 'fail',
      pExceeds: expect.closeTo(1, 2),
      growthPerMin: expect.closeTo(12 * MIB, -4),
      halfWidthPerMin: expect.any(Number),
      budgetPerMin: 3 * MIB,
      detectionFloorPerMin: expect.any(Number),
      samples: 120,
      reason: expect.stringMatching(/^RSS rises 12 /),
    });
  });

  test('is read from stdin as -', () => {
    const stdout = execFileSync(process.execPath, [CLI, 'analyze', '-', ...MAP, '--json'], {
      input: trace(0),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(linesOf(stdout)).toMatchObject([{ file: '-', metric: 'rss', verdict: 'pass' }]);
  });

  test('reads as a table with reasons', async () => {
    const { stdout } = await cli(['analyze', write('flat.csv', trace(0)), ...MAP]);
    expect(stdout).toMatch(/^file +metric +growth ± 90 % +budget +could see +readings +verdict\n/);
    expect(stdout).toMatch(/\npass: .*flat\.csv: RSS is flat: .*this recording could see/);
  });
});

describe.concurrent('many files', () => {
  const [clean, leaky, short] = ['many-clean.csv', 'many-leaky.csv', 'many-short.csv'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];

  beforeAll(() => {
    write('many-clean.csv', trace(0));
    write('many-leaky.csv', trace(12));
    write('many-short.csv', trace(0, 10));
  });

  test.each([
    [[clean, clean], 0],
    [[clean, short], 2],
    [[leaky, short, clean], 1],
    [[leaky, 'nowhere.csv', clean], 4],
  ])('%j: the worst exit code speaks for all (%i)', async (files, exitCode) => {
    const { status, stdout } = await cli(['analyze', ...files, ...MAP, '--json']);
    expect(status).toBe(exitCode);
    expect(linesOf(stdout).map(({ file }) => file)).toEqual(files.filter((file) => file !== 'nowhere.csv'));
  });

  test('one that cannot be read costs one line on stderr, not the others', async () => {
    const { stdout, stderr, lastLine } = await cli(['analyze', 'nowhere.csv', clean, leaky, ...MAP]);
    expect(stderr.match(/leak-soak: error: .*/g)).toEqual([
      expect.stringMatching(/'nowhere\.csv' does not exist/),
    ]);
    expect(stdout).toMatch(/2 verdicts: 1 pass, 1 fail, 0 inconclusive/);
    expect(stdout).not.toMatch(/pass: /);
    expect(lastLine).toBe('leak-soak: verdict=error exit=4 dir=-');
  });
});

describe.concurrent('a run', () => {
  const run = join(folder.path, 'run');

  beforeAll(async () => {
    const short = ['--duration', '4s', '--warm-up', '500ms', '--drain', '500ms', '--sample-every', '100ms'];
    await cli(['run', '--scenario', 'udp-flood', ...short, '--out', run]);
  });

  test('alone keeps its report and the whole verdict as JSON; its samples.csv is a file as any other', async () => {
    const { stdout, lastLine } = await cli(['analyze', run, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, scenario: 'udp-flood' });
    expect(lastLine).toMatch(new RegExp(`dir=${run}$`));
    const bySamples = await cli(['analyze', join(run, 'samples.csv'), '--json']);
    const judged = (JSON.parse(stdout) as { metrics: { metric: string; verdict: string }[] }).metrics;
    expect(linesOf(bySamples.stdout).map(({ metric, verdict }) => [metric, verdict])).toEqual(
      judged.map(({ metric, verdict }) => [metric, verdict]),
    );
  });

  test('among recordings has a line per metric', async () => {
    const psrecord = write('beside-a-run.log', PSRECORD);
    const { status, stdout } = await cli(['analyze', run, psrecord, '--json']);
    const files = new Set(linesOf(stdout).map(({ file }) => file));
    expect([...files]).toEqual([run, psrecord]);
    expect(status).toBe(1);
  });

  test('is held to the budget that is named', async () => {
    const { stdout } = await cli(['analyze', run, '--json', '--max-growth', 'fds=7/min']);
    const { metrics } = JSON.parse(stdout) as { metrics: { metric: string; budgetPerMin: number }[] };
    expect(metrics.find(({ metric }) => metric === 'fds')?.budgetPerMin).toBe(7);
  });

  test('knows its own phases', async () => {
    const { status, stderr } = await cli(['analyze', run, '--warm-up', '1s']);
    expect(stderr).toMatch(/is a run, whose phases and columns are recorded: leave out --warm-up/);
    expect(status).toBe(4);
  });
});
