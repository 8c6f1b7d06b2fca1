import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { RunVerdict } from '../../core/verdict.js';
import { listeningPorts } from '../../process/port-owner.js';
import { type CliResult, cli, readSamples, temporaryFolder } from '../fixtures/cli.js';
import { EIGHT_SECONDS, TROUBLED_SERVER, untilListening } from '../fixtures/troubled.js';

const folder = temporaryFolder();
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  folder.remove();
});

/** A Node server that runs already, its inspector not on the one port that all would share. */
async function startServer(
  behaviour: string,
  port: number,
  ...flags: readonly string[]
): Promise<ChildProcess> {
  const args = ['--inspect-port=0', ...flags, TROUBLED_SERVER, behaviour, String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(child);
  await untilListening(child, port);
  return child;
}

async function watch(child: ChildProcess, port: number, out: string): Promise<CliResult> {
  const http = ['--http', `http://127.0.0.1:${port}/`, '--out', out];
  return cli(['run', '--pid', String(child.pid), '--allow-inspect', ...http, ...EIGHT_SECONDS]);
}

const verdictOf = (out: string): RunVerdict =>
  JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as RunVerdict;

describe.skipIf(process.platform !== 'linux')('--allow-inspect', () => {
  test('reads the live heap of a Node process that runs already, and leaves it as it was', async () => {
    const [port, out] = [await freePort(), join(folder.path, 'fine')];
    const child = await startServer('serves', port);
    await watch(child, port, out);
    const rows = readSamples(out).filter(({ live_heap_bytes: live }) => live !== '');
    expect(rows.length).toBeGreaterThan(24);
    for (const row of rows) expect(Number(row.heap_total_bytes)).toBeGreaterThan(Number(row.live_heap_bytes));
    expect(Number(rows.at(-1)?.tcp_handles)).toBeGreaterThan(0);
    expect(verdictOf(out).warnings.map(({ id }) => id)).not.toContain('agent-missing');
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    while (listeningPorts(child.pid as number).length > 1) await new Promise((done) => setTimeout(done, 50));
    expect(listeningPorts(child.pid as number)).toEqual([port]);
  });

  test('fails a leak in the JavaScript heap, and leaves an inspector open that was open before', async () => {
    const [port, inspector, out] = [await freePort(), await freePort(), join(folder.path, 'leak')];
    const child = await startServer('grows-heap', port, `--inspect=127.0.0.1:${inspector}`);
    const { status } = await watch(child, port, out);
    expect(status).toBe(1);
    const liveHeap = verdictOf(out).metrics.find(({ metric }) => metric === 'live-heap');
    expect(liveHeap).toMatchObject({ verdict: 'fail', decides: true });
    expect(listeningPorts(child.pid as number)).toContain(inspector);
  });

  test('is refused for a program that SIGUSR1 would end, and that program lives', async () => {
    const child = spawn('sleep', ['60']);
    started.push(child);
    await once(child, 'spawn');
    const { status, stderr } = await watch(child, 1, join(folder.path, 'never'));
    expect(stderr).toMatch(/--allow-inspect: process \d+ does not run Node/);
    expect(status).toBe(4);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('belongs to --pid', async () => {
    const http = ['--http', 'http://127.0.0.1:1/', '--out', join(folder.path, 'never')];
    const { status, stderr } = await cli(['run', '--command', 'x', '--allow-inspect', ...http]);
    expect(stderr).toMatch(/--allow-inspect belongs to --pid/);
    expect(status).toBe(4);
  });
});
