import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { cli, processesOf, read, startCli, temporaryFolder } from '../fixtures/cli.js';

/** Servers of the user's: those of the study, as somebody would start them. */
const SERVE = fileURLToPath(new URL('../../../dist/scripts/servers/serve.js', import.meta.url));
const SHORT = [
  ...['--duration', '8s', '--warm-up', '2s', '--drain', '1s'],
  ...['--sample-every', '100ms', '--heap-snapshots', 'off'],
];

const folder = temporaryFolder();
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  folder.remove();
});

describe('a server of the user', () => {
  test('that leaks behind npm start fails on live heap, and its wrapper leaves nothing behind', async () => {
    const [out, port] = [join(folder.path, 'npm'), await freePort()];
    const app = join(folder.path, 'app');
    mkdirSync(app);
    const start = `"${process.execPath}" "${SERVE}" leak-1-kilobyte ${port} 1000`;
    writeFileSync(join(app, 'package.json'), JSON.stringify({ scripts: { start } }));
    const flags = ['--cwd', app, '--http', `http://localhost:${port}/{n}`, '--rate', '2000', '--out', out];
    const result = await cli(['run', '--command', 'npm start', ...flags, ...SHORT]);
    expect(result.lastLine).toBe(`leak-soak: verdict=fail exit=1 dir=${out}`);
    const verdict = read<RunVerdict>(out, 'verdict.json');
    expect(verdict.target).toMatchObject({ kind: 'command', command: ['npm', 'start'], isNode: true });
    const liveHeap = verdict.metrics.find(({ metric }) => metric === 'live-heap');
    expect(liveHeap?.verdict).toBe('fail');
    expect(liveHeap?.growthPerMin).toBeGreaterThan(2000 * 60 * 1000 * 0.8);
    expect(verdict.load).toMatchObject({ wrong: 0, timeouts: 0 });
    expect(processesOf(read<Manifest>(out, 'run.json').runId)).toEqual([]);
    expect(result.stdout).toMatch(/repeat: leak-soak run --scenario http --command 'npm start' --cwd \//);
  });

  test('that does not leak passes', async () => {
    const [out, port] = [join(folder.path, 'clean'), await freePort()];
    const command = `"${process.execPath}" "${SERVE}" clean ${port} 1000`;
    const flags = ['--http', `http://127.0.0.1:${port}/`, '--out', out, '--ready-timeout', '30s'];
    const result = await cli(['run', '--command', command, ...flags, ...SHORT]);
    expect(result.lastLine).toBe(`leak-soak: verdict=pass exit=0 dir=${out}`);
  });

  test('that runs already is watched by --pid and runs on', async () => {
    const [out, port] = [join(folder.path, 'attached'), await freePort()];
    const child = spawn(process.execPath, [SERVE, 'clean', String(port), '1000']);
    started.push(child);
    await cli([
      'run',
      '--pid',
      String(child.pid),
      '--http',
      `http://127.0.0.1:${port}/`,
      '--out',
      out,
      ...SHORT,
    ]);
    const manifest = read<Manifest>(out, 'run.json');
    expect(manifest.target).toMatchObject({ kind: 'attached', pid: child.pid, isNode: true });
    expect(manifest.state).toBe('finished');
    expect(manifest.load?.answered).toBeGreaterThan(1000);
    expect(manifest.warnings.map(({ id }) => id)).toContain('agent-missing');
    expect(child.exitCode).toBeNull();
    expect(child.signalCode).toBeNull();
  });

  test('that ends before it is ready is exit 3 with its last words', async () => {
    const flags = ['--http', 'http://127.0.0.1:1/', '--out', join(folder.path, 'early')];
    const { status, stdout } = await cli([
      'run',
      '--command',
      "sh -c 'echo no licence >&2; exit 7'",
      ...flags,
    ]);
    expect(status).toBe(3);
    expect(stdout).toMatch(/exited with code 7 before it was ready; its last lines:\n {2}no licence/);
  });

  test('gets the environment that run.json records, secrets left out', async () => {
    const out = join(folder.path, 'environment');
    const given = ['--env', 'DATABASE_URL=postgres://me:hunter2@127.0.0.1/db', '--env', 'API_TOKEN=hunter2'];
    const { stdout } = await cli([
      ...['run', '--command', `sh -c 'echo "$API_TOKEN" "$DATABASE_URL"; env | wc -l; exit 7'`, ...given],
      ...['--http', 'http://127.0.0.1:1/', '--out', out],
    ]);
    expect(stdout).toContain('hunter2 postgres://me:hunter2@127.0.0.1/db');
    const { environment, reproduce } = read<Manifest>(out, 'run.json');
    expect(environment).toMatchObject({
      PATH: process.env.PATH,
      DATABASE_URL: 'postgres://<secret>@127.0.0.1/db',
      API_TOKEN: '<secret>',
    });
    expect(reproduce).toMatch(/--env API_TOKEN /);
    expect(reproduce).not.toContain('hunter2');
  });

  test('that never says what --ready-log waits for is exit 3 and ended', async () => {
    const [out, port] = [join(folder.path, 'mute'), await freePort()];
    const command = `"${process.execPath}" "${SERVE}" clean ${port} 1000`;
    const flags = ['--http', `http://127.0.0.1:${port}/`, '--ready-log', 'listening on \\d+', '--out', out];
    const { status, stdout } = await cli(['run', '--command', command, '--ready-timeout', '1s', ...flags]);
    expect(stdout).toMatch(/not ready after 1 s \(--ready-timeout\): no line matched --ready-log/);
    expect(status).toBe(3);
    expect(processesOf(read<Manifest>(out, 'run.json').runId)).toEqual([]);
  });

  test('whose address is taken by another is not started', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const flags = ['--http', `http://127.0.0.1:${port}/`, '--out', join(folder.path, 'taken')];
    const { status, stdout } = await cli(['run', '--command', 'true', ...flags]);
    other.close();
    expect(stdout).toMatch(/something listens on .* already/);
    expect(status).toBe(3);
  });

  test('is gone after Ctrl-C, wrapper and all', async () => {
    const [out, port] = [join(folder.path, 'interrupted'), await freePort()];
    const command = `sh -c '"${process.execPath}" "${SERVE}" clean ${port} 1000; true'`;
    const running = startCli([
      ...['run', '--command', command, '--http', `http://127.0.0.1:${port}/`, '--out', out, ...SHORT],
    ]);
    await running.seen('steady');
    running.child.kill('SIGINT');
    expect((await running.result).status).toBe(130);
    expect(processesOf(read<Manifest>(out, 'run.json').runId)).toEqual([]);
  });
});

describe.concurrent('flags that name a server', () => {
  const http = ['--http', 'http://127.0.0.1:1/'];
  test.each<[readonly string[], RegExp]>([
    [['--http', 'http://127.0.0.1:1/'], /--http says where a server of yours listens: add --command/],
    [['--scenario', 'http'], /scenario http drives a server of yours: give it with --command/],
    [['--scenario', 'http', '--command', 'x'], /must know where the target listens: add --http ADDRESS/],
    [['--command', 'x | y', ...http], /'\|' .* needs one: quote it, or write sh -c/],
    [['--command', 'x', '--pid', '1', ...http], /--command and --pid exclude each other/],
    [['--pid', '0', ...http], /--pid "0" is not a process number/],
    [['--pid', '4194304', ...http], /--pid 4194304: there is no such process/],
    [['--pid', '2', ...http], /(kernel thread|no such process)/],
    [['--memory-max', '1GiB', '--scenario', 'udp-flood'], /--memory-max belongs to --command/],
    [
      ['--command', 'x', '--memory-high', '2MiB', '--memory-max', '1MiB', ...http],
      /--memory-high must be below --memory-max/,
    ],
    [['--cwd', '/', '--scenario', 'udp-flood'], /--cwd belongs to --command/],
    [['--command', 'x', '--http', 'http://192.0.2.1/'], /this machine only/],
    [['--command', 'x', '--http', 'ftp://127.0.0.1/'], /is not a URL of the form/],
    [['--command', 'x', '--env', 'A', ...http], /--env "A" is not of the form NAME=VALUE/],
    [['--command', 'x', '--ready-log', '(', ...http], /--ready-log "\(" is not a regular expression/],
    [['--command', 'x', '--header', 'nothing', ...http], /--header "nothing" is not of the form/],
    [['--command', 'x', '--body', '@/no/such/file', ...http], /--body @\/no\/such\/file: ENOENT/],
    [['--command', 'x', '--connections', '0', ...http], /--connections "0" is not a whole number/],
    [
      ['--scenario', 'tcp-storm', '--command', 'x', '--tcp', '127.0.0.1:1', '--outstanding', '5'],
      /--outstanding: scenario tcp-storm has no closed model/,
    ],
    [['--scenario', 'dns-mix', '--rate-flow', '1s:5'], /--rate-flow: scenario dns-mix mixes loads/],
    [['--scenario', 'doh-flood', '--outstanding', '5'], /--outstanding: scenario doh-flood mixes loads/],
    [
      ['--command', 'x', '--outstanding', '5', '--rate-flow', '1s:5', ...http],
      /--outstanding is the closed model, which keeps no rate/,
    ],
    [['--command', 'x', '--http-version', '2', ...http], /--http-version: scenario http asks no DNS over/],
    [['--scenario', 'udp-flood', '--insecure'], /--insecure: scenario udp-flood meets no certificate/],
    [['--command', 'x', '--drivers', '2', ...http], /--drivers: scenario http has one driver/],
    [['--command', 'x', '--rate-flow', '10s', ...http], /10s/],
    [['--scenario', 'udp-flood', '--zipf', 'many'], /--zipf "many" is not COUNT/],
    [['--scenario', 'udp-flood', '--zipf', '9'], /the built-in node is asked for names of its zone/],
    [['--scenario', 'dns-tcp', '--command', 'x', '--dns-tcp', '192.0.2.1:53'], /--allow-remote 192\.0\.2\.1/],
    [['--command', 'x', '--zone', 'a.test', ...http], /--zone: scenario http makes no DNS names/],
    [
      ['--command', 'x', '--fault', 'dns-cache-names', ...http],
      /--fault dns-cache-names belongs to the built-in/,
    ],
  ])('%j: one clear line, exit 4', async (flags, message) => {
    const { status, stderr } = await cli(['run', ...flags, '--out', join(folder.path, 'never')]);
    expect(stderr).toMatch(message);
    expect(status).toBe(4);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
