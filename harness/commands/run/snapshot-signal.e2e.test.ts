import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { cli, read, readSamples, temporaryFolder } from '../fixtures/cli.js';
import { EIGHT_SECONDS, firstCulpritPath, soak, untilListening } from '../fixtures/troubled.js';

const SERVER = fileURLToPath(new URL('../fixtures/session-server.mjs', import.meta.url));
const BY_SIGNAL = ['--snapshot-signal', 'SIGUSR2', '--heap-snapshots', 'on-fail'];

const folder = temporaryFolder();
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  folder.remove();
});

/** A server that runs already, in an empty folder. */
async function startServer(port: number, cwd: string, ...flags: readonly string[]): Promise<ChildProcess> {
  const args = [...flags, SERVER, 'keeps-sessions', String(port)];
  const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' });
  started.push(child);
  await untilListening(child, port);
  return child;
}

describe.skipIf(process.platform !== 'linux').concurrent('--snapshot-signal', () => {
  test('takes the snapshots that a server writes by itself, and leaves none where it wrote them', async () => {
    const [port, cwd] = [await freePort(), mkdtempSync(join(folder.path, 'cwd-'))];
    const command = `"${process.execPath}" --heapsnapshot-signal=SIGUSR2 "${SERVER}" keeps-sessions ${port}`;
    const out = join(folder.path, 'command');
    const { verdict, manifest, status } = await soak(out, command, port, '--cwd', cwd, ...BY_SIGNAL);
    expect([verdict.verdict, status]).toEqual(['fail', 1]);
    expect(firstCulpritPath(verdict)).toMatch(/sessions SessionStore > byToken Object$/);
    expect(manifest.attribution?.engine).toBe('signal');
    for (const { file } of manifest.attribution?.snapshots ?? [])
      expect(statSync(join(out, file)).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd)).toEqual([]);
    expect(verdict.reproduce).toContain('--snapshot-signal SIGUSR2');
  });

  test('names the culprit in a server that runs already, with nothing else let into it', async () => {
    const [port, cwd] = [await freePort(), mkdtempSync(join(folder.path, 'cwd-'))];
    const child = await startServer(port, cwd, '--heapsnapshot-signal=SIGUSR2');
    const out = join(folder.path, 'attached');
    const http = ['--http', `http://127.0.0.1:${port}/`, '--out', out];
    // Eight seconds of RSS alone decide nothing.
    const always = ['--heap-snapshots', 'always', '--max-duration', '8s'];
    await cli(['run', '--pid', String(child.pid), ...http, ...EIGHT_SECONDS, ...BY_SIGNAL, ...always]);
    const verdict = read<RunVerdict>(out, 'verdict.json');
    expect(read<Manifest>(out, 'run.json').attribution?.engine).toBe('signal');
    expect(new Set(readSamples(out).map(({ live_heap_bytes: live }) => live))).toEqual(new Set(['']));
    expect(firstCulpritPath(verdict)).toMatch(/sessions SessionStore > byToken Object$/);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('is refused for a server that it would end, before anything is measured, and that server lives', async () => {
    const port = await freePort();
    const child = await startServer(port, folder.path);
    const http = ['--http', `http://127.0.0.1:${port}/`, '--out', join(folder.path, 'never')];
    const { status, stderr } = await cli(['run', '--pid', String(child.pid), ...BY_SIGNAL, ...http]);
    expect(stderr).toMatch(/--snapshot-signal: process \d+ does not handle SIGUSR2, which would end it/);
    expect(status).toBe(4);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('is refused of a server that was just started without a handler', async () => {
    const port = await freePort();
    const command = `"${process.execPath}" "${SERVER}" keeps-sessions ${port}`;
    const { verdict, status } = await soak(join(folder.path, 'started'), command, port, ...BY_SIGNAL);
    expect(verdict.findings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/--snapshot-signal: process \d+ does not handle SIGUSR2/),
    );
    expect(status).toBe(3);
  });

  test('belongs to a server of the user', async () => {
    const { status, stderr } = await cli(['run', '--scenario', 'udp-flood', ...BY_SIGNAL]);
    expect(stderr).toMatch(/--snapshot-signal belongs to --command or --pid/);
    expect(status).toBe(4);
  });
});
