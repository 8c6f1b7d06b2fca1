import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { isAlive, within } from '../core/fixtures/alive.js';
import type { Manifest } from '../core/manifest.js';
import type { RunVerdict } from '../core/verdict.js';
import {
  CLI,
  cli,
  processesOf,
  readSamples,
  startCli,
  startProgram,
  temporaryFolder,
} from './fixtures/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

let runs = 0;
/** Arguments of a run of a few seconds into a folder of its own, which never extends itself. */
function shortRun(...more: string[]): { out: string; args: string[] } {
  return run(4, '--max-duration', '4s', ...more);
}

/** The same with a leak; on a busy machine it takes the time to be sure. */
function leakyRun(...more: string[]): { out: string; args: string[] } {
  return run(6, '--fault', 'dns-cache-names', '--rate', '1000', ...more);
}

function run(seconds: number, ...more: string[]): { out: string; args: string[] } {
  const out = join(folder.path, `run-${runs++}`);
  const phases = ['--duration', `${seconds}s`, '--warm-up', '500ms', '--drain', '500ms'];
  const args = [
    ...['run', '--scenario', 'udp-flood', ...phases],
    ...['--sample-every', '100ms', '--heap-snapshots', 'off'],
  ];
  return { out, args: [...args, '--out', out, ...more] };
}

const manifestOf = (out: string): Manifest =>
  JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Manifest;
const verdictOf = (out: string): RunVerdict =>
  JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as RunVerdict;

describe.concurrent('exit code 1: the target fell short', () => {
  test('when it grows beyond an explicit budget, even in a short run', async () => {
    const { out, args } = leakyRun();
    const { status, lastLine } = await cli(args);
    expect(lastLine).toBe(`leak-soak: verdict=fail exit=1 dir=${out}`);
    expect(status).toBe(1);
  });

  test('when it grows to a ceiling, where the run is ended at once', async () => {
    const { out, args } = run(30, '--fault', 'dns-cache-names', '--max', 'fds=5', '--max', 'rss=10GiB');
    const { status } = await cli(args);
    expect(status).toBe(1);
    const { findings } = verdictOf(out);
    expect(findings[0]?.id).toBe('died-of-growth');
    expect(findings[0]?.message).toMatch(/^fds reached \d+ after .*, above its ceiling \(--max fds=5\)/);
    expect(manifestOf(out).ceilingHit).toMatchObject({ metric: 'fds', value: 5, explicit: true });
    expect(manifestOf(out).targetExit).toMatchObject({ expected: true });
    expect(Number(readSamples(out).at(-1)?.elapsed_ms)).toBeLessThan(10_000);
  });

  test('when it lives and no longer answers', async () => {
    const { out, args } = shortRun();
    const running = startCli(args);
    await running.seen('steady');
    const { pid } = manifestOf(out).target;
    process.kill(pid as number, 'SIGSTOP');
    const { status } = await running.result;
    expect(verdictOf(out).findings.map(({ id }) => id)).toContain('probe-failed');
    expect(status).toBe(1);
    const rows = readSamples(out);
    const times = rows.map((row) => Number(row.elapsed_ms));
    for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeLessThan(1500);
    expect(rows.at(-1)).toMatchObject({ live_heap_bytes: '', heap_used_bytes: '' });
    expect(Number(rows.at(-1)?.agent_age_ms)).toBeGreaterThan(2000);
    expect(Number(rows.at(-1)?.rss_bytes)).toBeGreaterThan(0);
    expect(processesOf(manifestOf(out).runId)).toEqual([]);
  });
});

describe.concurrent('exit code 2: cannot tell', () => {
  test('when the run is too short for a verdict', async () => {
    const { args } = shortRun('--sample-every', '1s');
    const { status, stdout, lastLine } = await cli(args);
    expect(lastLine).toMatch(/verdict=inconclusive exit=2/);
    expect(stdout).toMatch(/readings/);
    expect(status).toBe(2);
  });

  test('when the cache of the target was still filling, although memory grew', async () => {
    const { out, args } = shortRun();
    const { status, lastLine } = await cli(args);
    expect(lastLine).toMatch(/verdict=inconclusive exit=2/);
    expect(verdictOf(out).warnings.map(({ id }) => id)).toContain('structure-filling');
    expect(status).toBe(2);
  });
});

describe.concurrent('exit code 3: it could not be run', () => {
  test('when the target dies without having grown', async () => {
    const { out, args } = shortRun();
    const running = startCli(args);
    await running.seen('steady');
    process.kill(manifestOf(out).target.pid as number, 'SIGKILL');
    const { status } = await running.result;
    expect(verdictOf(out).findings.map(({ id }) => id)).toContain('target-died');
    expect(status).toBe(3);
  });

  test('when the load process dies', async () => {
    const { out, args } = shortRun();
    const running = startCli(args);
    await running.seen('steady');
    const { runId, target } = manifestOf(out);
    for (const pid of processesOf(runId)) if (pid !== target.pid) process.kill(pid, 'SIGKILL');
    const { status, lastLine } = await running.result;
    expect(lastLine).toBe(`leak-soak: verdict=error exit=3 dir=${out}`);
    expect(status).toBe(3);
    expect(processesOf(runId)).toEqual([]);
    const again = await cli(['analyze', out, '--json']);
    expect(JSON.parse(again.stdout)).toEqual(verdictOf(out));
    expect(again.status).toBe(3);
  });

  test('when the run directory cannot be written', async () => {
    const blocked = join(folder.path, 'a-file');
    writeFileSync(blocked, '');
    const { status, stderr } = await cli(shortRun('--out', join(blocked, 'run')).args);
    expect(stderr).toMatch(/cannot write to .*--out/);
    expect(status).toBe(3);
  });

  test('when the run directory is a place that takes no folders', async () => {
    const { status, stderr } = await cli(shortRun('--out', '/proc/no-such/run').args);
    expect(stderr).toMatch(/cannot write to \/proc\/no-such\/run/);
    expect(status).toBe(3);
  });

  test('when the disk refuses the samples in mid-run', async () => {
    const { out, args } = shortRun();
    // A limit on the size of files stands in for a full disk: the write fails with EFBIG instead of ENOSPC.
    const limited = `ulimit -f 6; exec "${process.execPath}" "${CLI}" ${args.join(' ')}`;
    const { status, stdout, stderr } = await startProgram(['/bin/bash', '-c', limited]).result;
    expect(stdout).toMatch(/cannot write .*samples\.csv: EFBIG.*--out/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`leak-soak: verdict=error exit=3 dir=${out}`);
    expect(readdirSync(out).filter((name) => name.endsWith('.new'))).toEqual([]);
    expect(status).toBe(3);
    expect(processesOf(manifestOf(out).runId)).toEqual([]);
  });

  const fixture = (file: string): string => fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url));

  /** A preload with the layer written into it: the environment of a run's children is not ours. */
  const throwIn = (layer: string): string => {
    const file = join(folder.path, `throw-in-${layer.replace('/', '-')}.cjs`);
    const armed = `process.env.THROW_IN_LAYER = '${layer}'; require(${JSON.stringify(fixture('throw-in-layer.cjs'))});`;
    writeFileSync(file, armed);
    return `--require=${file}`;
  };

  test.each([
    'harness/core',
    'harness/stats',
    'harness/verdict',
    'harness/process',
    'harness/agent',
    'harness/sampling',
    'harness/load',
    'harness/run',
    'harness/commands',
    'reports',
  ])('when something is thrown in %s', async (layer) => {
    const { out, args } = shortRun();
    const { status, lastLine, stdout, stderr } = await cli(args, { NODE_OPTIONS: throwIn(layer) });
    expect(stdout + stderr).toContain(`thrown in ${layer}`);
    expect(lastLine).toMatch(/verdict=error exit=3/);
    expect(status).toBe(3);
    if (existsSync(join(out, 'run.json'))) expect(processesOf(manifestOf(out).runId)).toEqual([]);
  });

  test.each(['uncaught-exception', 'unhandled-rejection', 'empty-event-loop'])(
    'on an %s',
    async (breakage) => {
      const { status, lastLine } = await cli(shortRun().args, {
        NODE_OPTIONS: `--require=${fixture('break-rig.cjs')}`,
        BREAK_RIG: breakage,
      });
      expect(lastLine).toBe('leak-soak: verdict=error exit=3 dir=-');
      expect(status).toBe(3);
    },
  );
});

describe.concurrent('exit code 130: interrupted', () => {
  test('Ctrl-C ends the run in good order: stopped, written, judged', async () => {
    const { out, args } = shortRun();
    const running = startCli(args);
    await running.seen('steady');
    running.child.kill('SIGINT');
    const { status, lastLine } = await running.result;
    expect(lastLine).toMatch(/verdict=\w+ exit=130/);
    expect(status).toBe(130);
    expect(manifestOf(out).state).toBe('interrupted');
    expect(verdictOf(out).exitCode).toBe(130);
    expect(readSamples(out).length).toBeGreaterThan(3);
    expect(processesOf(manifestOf(out).runId)).toEqual([]);
  });

  test('while the target is still starting', async () => {
    const { out, args } = shortRun();
    const running = startCli(args);
    await running.seen('starting');
    running.child.kill('SIGINT');
    expect((await running.result).status).toBe(130);
    expect(await within(4000, () => processesOf(manifestOf(out).runId).length === 0)).toBe(true);
  });

  test('a second Ctrl-C ends it at once, and still leaves nothing running', async () => {
    const { out, args } = shortRun();
    const running = startCli(args);
    await running.seen('steady');
    process.kill(manifestOf(out).target.pid as number, 'SIGSTOP');
    running.child.kill('SIGINT');
    await within(100, () => false);
    running.child.kill('SIGINT');
    const { status } = await running.result;
    expect(status).toBe(130);
    expect(await within(4000, () => processesOf(manifestOf(out).runId).length === 0)).toBe(true);
  });
});

describe.concurrent('a run goes on', () => {
  test('when nobody reads stderr any more, and its verdict is written', async () => {
    const { out, args } = leakyRun();
    const running = startCli(args);
    await running.seen('steady');
    running.child.stderr?.destroy();
    const { status } = await running.result;
    const { verdict, exitCode } = verdictOf(out);
    expect(status).toBe(exitCode);
    // A machine too busy for the load may leave it at inconclusive; what counts here is that the run came to its end.
    expect(['fail', 'inconclusive', 'invalid']).toContain(verdict);
  });

  test('with a TMPDIR that is missing or too long for a socket', async () => {
    for (const TMPDIR of ['/nonexistent', join(folder.path, 'x'.repeat(120))]) {
      const { out, args } = shortRun();
      const { status } = await cli(args, { TMPDIR });
      expect(status).toBe(verdictOf(out).exitCode);
      expect(manifestOf(out).state).toBe('finished');
    }
  });

  test('while a second one is refused the same folder, --force or not', async () => {
    const { out, args } = leakyRun();
    const running = startCli(args);
    await running.seen('steady');
    const second = await cli(['run', '--scenario', 'udp-flood', '--out', out, '--force']);
    expect(second.stderr).toMatch(/is being written by another run/);
    expect(second.status).toBe(4);
    expect((await running.result).status).toBe(1);
  });
});

describe.concurrent('kill -9 of the rig in mid-run', () => {
  test('leaves no process and loses no sample; analyze judges what is there', async () => {
    const { out, args } = leakyRun();
    const running = startCli(args);
    await running.seen('drain');
    const { runId, target } = manifestOf(out);
    expect(processesOf(runId).length).toBeGreaterThanOrEqual(2);
    running.child.kill('SIGKILL');
    expect(await within(4000, () => processesOf(runId).length === 0 && !isAlive(target.pid as number))).toBe(
      true,
    );
    expect(readSamples(out).length).toBeGreaterThan(20);
    expect(readdirSync(out)).not.toContain('verdict.json');

    const { status, stdout } = await cli(['analyze', out, '--json']);
    const verdict = JSON.parse(stdout) as RunVerdict;
    expect(verdict.metrics.find(({ metric }) => metric === 'live-heap')?.verdict).toBe('fail');
    expect(verdict.warnings.map(({ id }) => id)).toContain('recording-incomplete');
    expect(status).toBe(1);
  });
});
