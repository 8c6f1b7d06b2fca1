import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GrowthReport } from '../../core/culprit.js';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { cli, processesOf, read, readSamples, startCli, temporaryFolder } from '../fixtures/cli.js';
import {
  firstCulpritPath,
  NAMING_WHAT_GROWS,
  soak,
  type TroubledRun,
  untilListening,
} from '../fixtures/troubled.js';

const SERVER = fileURLToPath(new URL('../fixtures/session-server.mjs', import.meta.url));

const folder = temporaryFolder();
afterAll(() => folder.remove());

const command = (habit: string, port: number): string => `"${process.execPath}" "${SERVER}" ${habit} ${port}`;

async function visit(name: string, habit: string, ...flags: readonly string[]): Promise<TroubledRun> {
  const port = await freePort();
  const when = ['--heap-snapshots', 'on-fail'];
  return soak(join(folder.path, name), command(habit, port), port, ...when, ...flags);
}

describe('a run that fails on the heap of the built-in node', () => {
  const out = join(folder.path, 'node');
  let verdict: RunVerdict;
  let stdout: string;
  beforeAll(async () => {
    const flags = ['--scenario', 'udp-flood', '--fault', 'dns-cache-names', '--length', 'quick'];
    ({ stdout } = await cli(['run', ...flags, '--max-duration', '28s', '--no-strip-strings', '--out', out]));
    verdict = read(out, 'verdict.json');
  }, 180_000);

  test('names the map of the cache as the first culprit, with what each query leaves behind', () => {
    expect([verdict.verdict, verdict.exitCode]).toEqual(['fail', 1]);
    const [first] = verdict.culprits;
    expect(firstCulpritPath(verdict)).toMatch(/cache UnboundedDnsCache > names Map$/);
    expect(first?.growthPerOp?.objects).toBeGreaterThan(0.9);
    expect(first?.growthPerOp?.objects).toBeLessThan(1.1);
    expect(first?.share).toBeGreaterThan(0.8);
    expect(stdout).toMatch(/1\. names \(Map\) grew at each of 2 steps \[map\]/);
    expect(stdout).toMatch(/held by .*cache UnboundedDnsCache → names Map/);
    expect(stdout).toContain(`id         ${first?.fingerprint}`);
  });

  test('keeps three packed snapshots for the user alone, and no sample of that time', () => {
    const { attribution, phases } = read<Manifest>(out, 'run.json');
    expect(attribution?.snapshots.map(({ file }) => file)).toEqual(
      [1, 2, 3].map((n) => `heap/${n}.heapsnapshot.gz`),
    );
    expect(readdirSync(join(out, 'heap'))).toHaveLength(3);
    for (const { file } of attribution?.snapshots ?? [])
      expect(statSync(join(out, file)).mode & 0o777).toBe(0o600);
    expect(phases.at(-1)?.phase).toBe('attribution');
    const last = readSamples(out).at(-1);
    expect(last?.phase).toBe('settle');
    expect(Number(last?.elapsed_ms)).toBeLessThanOrEqual(phases.at(-1)?.startMs ?? 0);
  });

  test('is judged again to the same verdict, and compared again to the same culprit', async () => {
    const again = await cli(['analyze', '--json', out]);
    expect((JSON.parse(again.stdout) as RunVerdict).culprits).toEqual(verdict.culprits);
    const files = [1, 2, 3].map((n) => join(out, 'heap', `${n}.heapsnapshot.gz`));
    const diff = await cli(['heap-diff', '--json', ...files]);
    const report = JSON.parse(diff.stdout) as GrowthReport;
    expect(report.culprits[0]?.fingerprint).toBe(verdict.culprits[0]?.fingerprint);
  });
});

describe.concurrent("a run that fails on somebody's server", () => {
  test('names its structure; in CI what it was told is left out of the snapshots', async () => {
    const { verdict, manifest } = await visit('sessions', 'keeps-sessions', '--strip-strings');
    expect(firstCulpritPath(verdict)).toMatch(/sessions SessionStore > byToken Object$/);
    expect(verdict.culprits[0]?.kind).toBe('dictionary');
    expect(verdict.culprits[0]?.allocationStack?.join()).toContain('session-server.mjs:');
    const packed = join(folder.path, 'sessions', manifest.attribution?.snapshots[2]?.file ?? '');
    const text = gunzipSync(readFileSync(packed)).toString('utf8');
    expect(text).toContain('SessionStore');
    // The text itself is too long for a message.
    expect(/secret-\d+-of-/.test(text)).toBe(false);
  });

  test('takes none with --heap-snapshots off', async () => {
    const { verdict, manifest, status } = await visit('off', 'keeps-sessions', '--heap-snapshots', 'off');
    expect(status).toBe(1);
    expect(verdict.culprits).toEqual([]);
    expect(manifest.attribution).toBeNull();
    expect(manifest.phases.map(({ phase }) => phase)).not.toContain('attribution');
    expect(existsSync(join(folder.path, 'off', 'heap'))).toBe(false);
  });

  test('keeps its verdict when the server ends of the first snapshot', async () => {
    const { verdict, status, said, left } = await visit('dies', 'dies-of-snapshots');
    expect([verdict.verdict, status]).toEqual(['fail', 1]);
    expect(verdict.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(said).toContain('attribution-incomplete');
    expect(verdict.warnings.find(({ id }) => id === 'attribution-incomplete')?.message).toMatch(
      /no heap snapshots were taken, so no culprit is named: .*the process ended meanwhile/,
    );
    expect(existsSync(join(folder.path, 'dies', 'heap'))).toBe(false);
    expect(left).toEqual([]);
  });

  test('says what descriptors stand for when it fails on them', async () => {
    const { verdict } = await visit('files', 'keeps-files');
    const descriptors = verdict.classes.find(({ kind }) => kind === 'descriptors');
    expect(descriptors?.evidence).toMatch(/open with the load off: \d{3} \/dev\/zero/);
  });

  test('ends in good order on Ctrl-C among the snapshots: the verdict stays, the exit code is 130', async () => {
    const [port, out] = [await freePort(), join(folder.path, 'interrupted')];
    const http = ['--http', `http://127.0.0.1:${port}/`, '--out', out];
    const run = startCli([
      'run',
      '--command',
      command('keeps-sessions', port),
      ...http,
      ...NAMING_WHAT_GROWS,
    ]);
    await run.seen('3 heap snapshots of process');
    run.child.kill('SIGINT');
    const { status, lastLine } = await run.result;
    expect(status).toBe(130);
    expect(lastLine).toBe(`leak-soak: verdict=fail exit=130 dir=${out}`);
    const [verdict, manifest] = [read<RunVerdict>(out, 'verdict.json'), read<Manifest>(out, 'run.json')];
    expect(verdict.warnings.map(({ message }) => message)).toContainEqual(
      'no heap snapshots were taken, so no culprit is named: interrupted',
    );
    expect(manifest.state).toBe('finished');
    expect(existsSync(join(out, 'heap'))).toBe(false);
    expect(processesOf(manifest.runId)).toEqual([]);
  });
});

test.skipIf(process.platform !== 'linux')(
  'a server that runs already tells through its inspector',
  async () => {
    const [port, out] = [await freePort(), join(folder.path, 'inspector')];
    const child = spawn(process.execPath, ['--inspect-port=0', SERVER, 'keeps-sessions', String(port)]);
    try {
      await untilListening(child, port);
      const target = ['--pid', String(child.pid), '--allow-inspect', '--http', `http://127.0.0.1:${port}/`];
      const { status } = await cli(['run', ...target, ...NAMING_WHAT_GROWS, '--out', out]);
      expect(status).toBe(1);
      expect(read<Manifest>(out, 'run.json').attribution?.engine).toBe('inspector');
      expect(firstCulpritPath(read<RunVerdict>(out, 'verdict.json'))).toMatch(
        /SessionStore > byToken Object$/,
      );
      expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);
