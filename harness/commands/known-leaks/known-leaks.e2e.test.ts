import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LeakBaseline } from '../../core/leak-baseline.js';
import type { RunVerdict } from '../../core/verdict.js';
import { BRIEF, type CliResult, cli, read, temporaryFolder } from '../fixtures/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const baseline = join(folder.path, 'leaks.json');
const SIX_SECONDS =
  '--duration 6s --max-duration 12s --warm-up 1s --drain 500ms --sample-every 100ms --rate 1000'.split(' ');
/** Nothing but what is tested here may fail or be undecided on a busy machine. */
const BUDGETS = ['live-heap=1MiB/min', 'external=9MiB/min', 'array-buffers=9MiB/min', 'io-write=1MiB/min'];

const outOf = (name: string): string => join(folder.path, name);

/** A run of the leaky node beside the baseline. */
function soak(name: string, ...flags: readonly string[]): Promise<CliResult> {
  const budgets = BUDGETS.flatMap((budget) => ['--max-growth', budget]);
  const run = ['run', '--scenario', 'udp-flood', '--fault', 'dns-cache-names', ...SIX_SECONDS, ...budgets];
  return cli([...run, '--baseline', baseline, '--out', outOf(name), '--quiet', ...flags]);
}

const verdictOf = (name: string): RunVerdict => read(outOf(name), 'verdict.json');
const states = (name: string): readonly string[] =>
  verdictOf(name).knownLeaks.map(({ metric, state }) => `${metric} ${state}`);

describe('a leak that is recorded', () => {
  let recorded: CliResult;
  let brief: CliResult;
  beforeAll(async () => {
    const flags = [
      'run',
      '--scenario',
      'udp-flood',
      ...BRIEF,
      ...['--heap-snapshots', 'on-fail'],
      '--sample-every',
      '1s',
      '--out',
      outOf('brief'),
    ];
    [recorded, brief] = await Promise.all([
      soak('recorded', '--update-baseline', '--baseline-reason', 'mended in March'),
      cli([...flags, '--baseline', outOf('never.json'), '--update-baseline']),
    ]);
  }, 120_000);

  test('stands in the file with growth, structure, reason and last day; the run passes beside it', () => {
    const { knownLeaks } = JSON.parse(readFileSync(baseline, 'utf8')) as LeakBaseline;
    expect(knownLeaks).toMatchObject([
      { scenario: 'udp-flood', command: null, metric: 'live-heap', reason: 'mended in March' },
    ]);
    expect(knownLeaks[0]?.culprits[0]?.structure).toMatch(/cache UnboundedDnsCache → names Map$/);
    expect(recorded.stderr).toContain(`--update-baseline: ${baseline} is written`);
    expect(recorded.lastLine).toBe(`leak-soak: verdict=pass exit=0 dir=${outOf('recorded')}`);
    expect(recorded.status).toBe(0);
  });

  test('fails no later run, in which it has the same structure, and is told', async () => {
    const text = readFileSync(baseline, 'utf8');
    const { status, stdout } = await soak('known');
    expect(stdout).toMatch(/^known leak: live heap rises .*: mended in March \[known\]$/m);
    expect([status, states('known')]).toEqual([0, ['live-heap known']]);
    expect(verdictOf('known').culprits[0]?.fingerprint).toBe(verdictOf('recorded').culprits[0]?.fingerprint);
    expect(readFileSync(baseline, 'utf8')).toBe(text);
    const again = await cli(['analyze', '--json', outOf('known')]);
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual(verdictOf('known'));
  });

  test('is not recorded of a run that cannot tell, which keeps its exit code', () => {
    expect(brief.stderr).toMatch(/never\.json is as it was, since the run is inconclusive: repeat it/);
    expect(brief.status).toBe(2);
    expect(existsSync(outOf('never.json'))).toBe(false);
  });

  test('does not hide another fault', async () => {
    const { status } = await soak('another', '--fault', 'debug-log', '--heap-snapshots', 'off');
    expect([status, states('another')]).toEqual([1, ['live-heap known']]);
    const failed = verdictOf('another').metrics.filter((one) => one.decides && one.verdict === 'fail');
    expect(failed.map(({ metric }) => metric)).toEqual(['io-write']);
  });
});

test('a baseline that cannot be read ends the command before it has begun', async () => {
  const path = outOf('corrupt.json');
  writeFileSync(path, '{"schemaVersion":7}');
  const run = ['run', '--scenario', 'udp-flood', '--out', outOf('unread'), '--baseline', path];
  const { status, stderr, lastLine } = await cli(run);
  expect(stderr).toMatch(
    /--baseline .*corrupt\.json has schemaVersion 7, and this version of leak-soak knows 1/,
  );
  expect([status, lastLine]).toEqual([4, 'leak-soak: verdict=error exit=4 dir=-']);
  expect(existsSync(outOf('unread'))).toBe(false);
});
