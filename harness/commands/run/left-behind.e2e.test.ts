import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { isAlive, within } from '../../core/fixtures/alive.js';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import { processesOf, startCli, temporaryFolder } from '../fixtures/cli.js';
import { TROUBLED_SERVER } from '../fixtures/troubled.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const BREAK_RIG = fileURLToPath(new URL('../fixtures/break-rig.cjs', import.meta.url));
const node = `"${process.execPath}"`;

/** How a run is ended in its middle, and with which exit code; null for a death that leaves none. */
const ENDS = [
  ['kill -9', 'SIGKILL', null],
  ['Ctrl-C', 'SIGINT', 130],
  ['a crash', 'SIGUSR2', 3],
] as const;

describe.skipIf(process.platform !== 'linux').concurrent('a server and a load, each behind a shell', () => {
  test.each(ENDS)('are gone after %s of the rig, trees and all', async (name, signal, code) => {
    const [port, out] = [await freePort(), join(folder.path, name.replaceAll(' ', '-'))];
    // The server ignores SIGTERM and has a worker; neither shell execs what it starts.
    const command = `sh -c '${node} "${TROUBLED_SERVER}" stubborn-tree ${port}; true'`;
    const load = `sh -c '${node} "${TROUBLED_SERVER}" sleeps 0; true'`;
    const running = startCli(
      [
        ...['run', '--command', command, '--tcp', `127.0.0.1:${port}`, '--load-command', load, '--out', out],
        ...['--duration', '30s', '--warm-up', '500ms', '--drain', '500ms', '--sample-every', '100ms'],
      ],
      { NODE_OPTIONS: `--require=${BREAK_RIG}`, BREAK_RIG: 'on-sigusr2' },
    );
    await running.seen('steady');
    const { runId } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Manifest;
    const ours = processesOf(runId);
    // Two shells, the server and its worker, the load process and the tool.
    expect(ours.length).toBeGreaterThanOrEqual(6);
    running.child.kill(signal);
    expect((await running.result).status).toBe(code);
    expect(await within(8000, () => processesOf(runId).length === 0 && !ours.some(isAlive))).toBe(true);
  });
});
