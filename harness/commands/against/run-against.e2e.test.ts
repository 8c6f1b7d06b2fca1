import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Compared, ComparisonReport } from '../../core/comparison.js';
import { within } from '../../core/fixtures/alive.js';
import type { Manifest } from '../../core/manifest.js';
import { cli, processesOf, startCli, temporaryFolder } from '../fixtures/cli.js';
import { makeNodeRepository } from '../fixtures/node-repository.js';

const folder = temporaryFolder();
const repository = makeNodeRepository(folder.path);
afterAll(() => folder.remove());

const BASE = ['run', '--scenario', 'udp-flood', '--drain', '1s'];
/** Long enough for the cache to be full and a leak to be sure, as in the other whole runs. */
const PAIRS = [...BASE, '--duration', '18s', '--warm-up', '8s', '--sample-every', '250ms', '--pairs', '2'];
/** Long enough to be interrupted. */
const SHORT = [...BASE, '--duration', '5s', '--warm-up', '1s', '--sample-every', '100ms', '--pairs', '2'];

let outs = 0;
const freshOut = (): string => join(folder.path, `out-${outs++}`);
const manifestOf = (out: string, run: string): Manifest =>
  JSON.parse(readFileSync(join(out, run, 'run.json'), 'utf8')) as Manifest;
const reportOf = (out: string): ComparisonReport =>
  JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8')) as ComparisonReport;
const inRepository = (args: readonly string[]) =>
  startCli(args, { TMPDIR: repository.temporary }, repository.path);

const RUNS = ['pair-1-before', 'pair-1-after', 'pair-2-after', 'pair-2-before'];

describe('a leak against the fixed node', () => {
  const out = freshOut();

  test('regresses with exit code 1; progress counts the runs', async () => {
    const { status, lastLine, stdout, stderr } = await cli([
      ...PAIRS,
      '--fault',
      'dns-cache-names',
      '--against',
      'fixed',
      '--out',
      out,
    ]);
    expect(stderr).toContain(
      `leak-soak: 2 pairs, 4 runs of 18 s, about 1 min 24 s in all, into ${out}\nleak-soak: before: fixed; after: fault dns-cache-names\n`,
    );
    expect(stderr).toContain('run 3 of 4: pair 2, after (fault dns-cache-names)');
    expect(stdout).toMatch(/^REGRESSED {2}live heap grows faster than before by [\d.]+ ± [\d.]+ MiB\/min/);
    expect(lastLine).toBe(`leak-soak: verdict=fail exit=1 dir=${out}`);
    expect(status).toBe(1);
  }, 180_000);

  test('left a complete run that never extends itself in each folder, in the order A B B A', () => {
    const manifests = RUNS.map((run) => manifestOf(out, run));
    const starts = manifests.map(({ startedAt }) => startedAt);
    expect([...starts].sort()).toEqual(starts);
    for (const { state, plan, faults, runId } of manifests) {
      expect(state).toBe('finished');
      expect(plan.maxDurationMs).toBe(plan.durationMs);
      expect(faults.length).toBe(manifests.findIndex((other) => other.runId === runId) % 3 === 0 ? 0 : 1);
      expect(processesOf(runId)).toEqual([]);
    }
  });

  test('is compared again by compare, from the folder or run by run', async () => {
    const { schemaVersion, scenario, before, after, reproduce, ...comparison } = reportOf(out);
    expect(before).toEqual({ label: 'fixed', runs: ['pair-1-before', 'pair-2-before'] });
    expect(after.label).toBe('fault dns-cache-names');
    expect(reproduce).toMatch(/^leak-soak run --scenario udp-flood --fault .* --against fixed --pairs 2$/);
    expect(reproduce).not.toContain('--max-duration');
    const again = await cli(['compare', out, '--json']);
    expect(JSON.parse(again.stdout)).toEqual(comparison);
    expect(again.status).toBe(1);
    const sides = (side: string): string[] => [1, 2].map((pair) => join(out, `pair-${pair}-${side}`));
    const swapped = await cli([
      ...['compare', '--before', ...sides('after')],
      ...['--after', ...sides('before'), '--json'],
    ]);
    expect(swapped.status).not.toBe(1);
    expect((JSON.parse(swapped.stdout) as Compared).metrics[0]).toMatchObject({
      metric: 'live-heap',
      outcome: 'improved',
    });
  });

  test('each folder is a run that analyze judges', async () => {
    const run = join(out, 'pair-1-after');
    const { stdout } = await cli(['analyze', run, '--json']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8')));
  });

  test('is not overwritten without --force', async () => {
    const { status, stderr } = await cli([...PAIRS, '--against', 'fixed', '--out', out]);
    expect(stderr).toMatch(/exists and is not empty.*--force/);
    expect(status).toBe(4);
    expect(existsSync(join(out, 'comparison.json'))).toBe(true);
  });
});

describe('the node of a git commit', () => {
  test('is built in a worktree, run and compared; nothing of it stays', async () => {
    const out = freshOut();
    const args = [...SHORT, '--against', 'git:works', '--out', out, '--json'];
    const { status, stdout, stderr } = await inRepository(args).result;
    expect(stderr).toContain('npm run build, in a checkout of git:works');
    const report = JSON.parse(stdout) as ComparisonReport;
    expect(report).toEqual(reportOf(out));
    expect(report.before.label).toMatch(/^git:works \([0-9a-f]{7}\)$/);
    expect(report.reproduce).toMatch(/--against git:[0-9a-f]{40} --pairs 2$/);
    expect(status).toBe(report.exitCode);
    expect([0, 2]).toContain(status);
    const [before, after] = ['before', 'after'].map((side) => manifestOf(out, `pair-1-${side}`).target);
    expect(before?.command[1]).toMatch(/\/leak-soak-before-\w+\/checkout\/dist\/target\/main\.js$/);
    expect(after?.command[1]).not.toContain('leak-soak-before');
    expect(before?.version).not.toBeNull();
    expect([repository.worktrees(), repository.leftovers()]).toEqual([[], []]);
  });

  test.each([
    ['fails', /'npm run build' failed \(exit 7\).*\n?.*the build has a flaw/s],
    ['empty', /git:empty has no node under test: no dist\/target\/main\.js after its build/],
  ])('that %s to build: exit 3 and what to do, nothing left', async (tag, message) => {
    const { status, stderr } = await inRepository([...SHORT, '--against', tag, '--out', freshOut()]).result;
    expect(stderr).toMatch(message);
    expect(status).toBe(3);
    expect([repository.worktrees(), repository.leftovers()]).toEqual([[], []]);
  });

  test('that does not exist: exit 4, nothing written', async () => {
    const out = freshOut();
    for (const [ref, message] of [
      ['git:nowhere', /git knows no such commit here/],
      ['nowhere', /neither a form of version nor a ref that git knows here: write fixed, fault:ID/],
      ['--all', /neither a form/],
    ] as const) {
      const { status, stderr } = await inRepository([...SHORT, `--against=${ref}`, '--out', out]).result;
      expect(stderr).toMatch(message);
      expect(status).toBe(4);
    }
    expect(existsSync(out)).toBe(false);
  });
});

describe('Ctrl-C', () => {
  /** Interrupts once stderr shows `text`, as often as `times`; hands back what was left by then. */
  async function interrupt(args: readonly string[], text: string, times = 1) {
    const running = inRepository(args);
    await running.seen(text);
    for (let i = 0; i < times; i++) {
      running.child.kill('SIGINT');
      await within(150, () => false);
    }
    return running.result;
  }
  const clean = (): boolean => repository.worktrees().length === 0 && repository.leftovers().length === 0;

  test('in mid-run ends all: no process, no worktree, exit 130, the run is marked', async () => {
    const out = freshOut();
    const { status, lastLine } = await interrupt(
      [...SHORT, '--against', 'git:works', '--out', out],
      'steady',
    );
    expect(status).toBe(130);
    expect(lastLine).toMatch(/verdict=inconclusive exit=130/);
    const { state, runId } = manifestOf(out, 'pair-1-before');
    expect(state).toBe('interrupted');
    expect(processesOf(runId)).toEqual([]);
    expect(existsSync(join(out, 'pair-1-after'))).toBe(false);
    expect(clean()).toBe(true);
  });

  test('after a complete pair compares what there is', async () => {
    const out = freshOut();
    const { status, stdout } = await interrupt([...SHORT, '--against', 'fixed', '--out', out], 'run 3 of 4');
    expect(status).toBe(130);
    expect(stdout).toMatch(/before: fixed/);
    expect(reportOf(out)).toMatchObject({ pairs: 1, exitCode: 130, after: { runs: ['pair-1-after'] } });
  });

  test.each([1, 2])('%dx during a build that hangs: its processes end as well', async (times) => {
    const args = [...SHORT, '--against', 'git:hangs', '--out', freshOut()];
    const { status } = await interrupt(args, 'npm run build', times);
    expect(status).toBe(130);
    expect(await within(4000, clean)).toBe(true);
    expect(processesOf(repository.temporary)).toEqual([]);
  });
});

test('kill -9 of the rig during a build leaves no process and no file; git forgets the rest by itself', async () => {
  const running = inRepository([...SHORT, '--against', 'git:hangs', '--out', freshOut()]);
  await running.seen('npm run build');
  expect(processesOf(repository.temporary).length).toBeGreaterThan(0);
  running.child.kill('SIGKILL');
  expect(await within(4000, () => repository.leftovers().length === 0)).toBe(true);
  expect(await within(4000, () => processesOf(repository.temporary).length === 0)).toBe(true);
  expect(repository.worktrees().join()).toMatch(/prunable$/);
});

describe.concurrent('flags that do not fit', () => {
  test.each([
    [['--pairs', '3'], /--pairs goes with --against/],
    [['--against', 'fixed', '--pairs', '1'], /--pairs "1" is not a number of pairs.*between 2 and 100/],
    [['--against', 'fault:'], /names no fault: write fixed, fault:ID/],
    [['--against', 'fault:nope'], /unknown fault 'nope'/],
    [['--against', 'fixed', '--fail-fast'], /--fail-fast does not go with --against/],
    [['--against', 'fixed', '--max-duration', '1h'], /--max-duration does not go with --against/],
    [['--against', 'fixed', '--warm-up', 'auto'], /--warm-up auto does not go with --against/],
    [
      ['--against', 'fixed', '--deadline', '2m'],
      /--deadline 2 min is too short: 6 runs of 1 min take about 6 min 18 s/,
    ],
  ])('%j: exit 4, nothing written', async (flags, message) => {
    const out = freshOut();
    const { status, stderr } = await cli(['run', '--scenario', 'udp-flood', '--out', out, ...flags]);
    expect(stderr).toMatch(message);
    expect(status).toBe(4);
    expect(existsSync(out)).toBe(false);
  });
});
