import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { freePort } from '../../harness/core/free-port.js';
import type { HttpFloodPlan } from '../../harness/load/plan.js';
import { runOwn } from '../load-bench/own-driver.js';

const CLI = fileURLToPath(new URL('../../harness/cli.js', import.meta.url));
const SERVER = fileURLToPath(new URL('../servers/serve.js', import.meta.url));

/** Who watches the server: nobody, the rig from outside, or the rig with its agent inside. */
export type Watched = 'alone' | 'attached' | 'with agent';

/** What the server did while it was hammered. */
export interface Leg {
  readonly requestsPerSec: number;
  /** Of the steady rate, from the intended time. */
  readonly p99Ms: number;
  readonly rssBytes: number;
}

/** Closed loop: so many requests are under way at all times. */
const CONNECTIONS = 16;

/** Not measured: code is compiled and connections are opened. */
const SETTLE_SEC = 2;

/** Open loop, well below what the server can do: here latency is the server's, and is told in microseconds. */
const STEADY: HttpFloodPlan = {
  kind: 'http-flood',
  ratePerSec: 3000,
  seed: 1,
  timeoutMs: 2000,
  connections: CONNECTIONS,
  request: { method: 'GET', headers: {}, body: null },
};

/** Hammers a fresh server for so long, watched or not, then asks it at a steady rate for as long again. */
export async function measureLeg(watched: Watched, seconds: number, folder: string): Promise<Leg> {
  const port = await freePort();
  const command = [process.execPath, SERVER, 'clean', String(port), '0'] as const;
  const alone = watched === 'with agent' ? null : spawn(command[0], command.slice(1), { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/`;
  let rig: ChildProcess | null = null;
  try {
    if (alone !== null) await answers(url);
    if (watched !== 'alone')
      rig = startRig(watched, alone?.pid ?? null, command, port, join(folder, String(port)));
    await answers(url);
    if (rig !== null) await said(rig, 'steady');
    await hammer(url, SETTLE_SEC);
    const { requests } = await hammer(url, seconds);
    const { summary } = await runOwn(STEADY, { http: url }, seconds);
    const pid = alone?.pid ?? targetOf(join(folder, String(port)));
    return {
      requestsPerSec: requests.average,
      p99Ms: summary.latencyMs.p99 ?? Number.NaN,
      rssBytes: rssOf(pid),
    };
  } finally {
    rig?.kill('SIGINT');
    if (rig !== null && rig.exitCode === null) await new Promise((resolve) => rig?.once('exit', resolve));
    alone?.kill('SIGKILL');
  }
}

function startRig(
  watched: Watched,
  pid: number | null,
  command: readonly string[],
  port: number,
  out: string,
): ChildProcess {
  const target =
    watched === 'attached'
      ? ['--pid', String(pid)]
      : ['--command', command.map((word) => `'${word}'`).join(' '), '--tcp', `127.0.0.1:${port}`];
  // The load is ours; the rig is told of one so that it does not bring its own.
  const load = ['--load-command', 'sleep 3600', '--warm-up', '0s', '--duration', '5min', '--out', out];
  return spawn(process.execPath, [CLI, 'run', ...target, ...load], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function hammer(url: string, seconds: number): Promise<autocannon.Result> {
  return autocannon({ url, connections: CONNECTIONS, duration: seconds });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const ok = await fetch(url, { headers: { connection: 'close' } }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await delay(50);
  }
  throw new Error(`${url} does not answer`);
}

function said(rig: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    rig.stderr?.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes(word)) resolve();
    });
    rig.once('exit', () => reject(new Error(`the rig ended:\n${text}`)));
  });
}

function targetOf(out: string): number {
  return (JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { target: { pid: number } }).target.pid;
}

function rssOf(pid: number | undefined): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) * 1024;
}
