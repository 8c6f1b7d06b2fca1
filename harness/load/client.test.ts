import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoadProcess, launchLoad } from './client.js';
import { floodPlan } from './fixtures/flood-plan.js';
import type { ProcessPlan } from './plan.js';

const COMPILED = new URL('../../dist/harness/load/', import.meta.url);

let directory = '';
let logFd = -1;
const launched: LoadProcess[] = [];

function launch(plan: ProcessPlan = floodPlan(), graceMs = 1000): LoadProcess {
  const load = launchLoad(
    { plan, reportEveryMs: 20, env: { PATH: process.env.PATH }, logFd },
    { module: new URL('main.js', COMPILED), graceMs },
  );
  launched.push(load);
  return load;
}

/** A load whose target is its own stub upstream. */
async function connected(load: LoadProcess): Promise<LoadProcess> {
  await load.connect({ dns: (await load.prepare()) ?? expect.fail('no upstream') });
  return load;
}

function log(): string {
  return readFileSync(join(directory, 'load.log'), 'utf8');
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'load-client-'));
  logFd = openSync(join(directory, 'load.log'), 'a');
});

afterEach(async () => {
  await Promise.all(launched.splice(0).map((load) => load.close()));
  closeSync(logFd);
  rmSync(directory, { recursive: true });
});

describe('load process', () => {
  it('lives from prepare to close, in a process group of its own', async () => {
    const load = launch();
    expect(await load.prepare()).toMatch(/^127\.0\.0\.1:\d+$/);
    await load.close();
    const again = await connected(launch());
    expect(await again.probe(2000)).toMatchObject({ ok: true });
    expect(again.latest()).toBeNull();
    expect(() => process.kill(-again.pid, 0)).not.toThrow();
    again.start();
    await expect.poll(() => again.latest()?.counters?.answered ?? 0, { timeout: 5000 }).toBeGreaterThan(50);
    const { answered, intended, latencyMs } = (await again.stop()) ?? expect.fail('not counted');
    expect(answered).toBe(intended);
    expect(latencyMs.p99).toBeGreaterThan(0);
    expect(again.latest()).toMatchObject({ counters: { answered }, intervalLatencyMs: { p50: null } });
    await again.close();
    await again.close();
    expect(() => process.kill(-again.pid, 0)).toThrow(/ESRCH/);
    expect(log()).toMatch(/^load: driver: .*\n$/);
  });

  it('tells the rig when it is killed in mid-run, every wait included', async () => {
    const load = await connected(launch(floodPlan({}, { silent: true })));
    load.start();
    const probing = expect(load.probe(5000)).rejects.toThrow(/ended unexpectedly with SIGKILL/);
    const failed = expect(load.failed).rejects.toMatchObject({ code: 'could-not-run' });
    process.kill(load.pid, 'SIGKILL');
    await Promise.all([probing, failed]);
    await expect(load.stop()).rejects.toThrow(/ended unexpectedly/);
    load.start();
  });

  it('reports an error of its own before it ends with exit code 1', async () => {
    const load = launch();
    await load.prepare();
    await expect(load.connect({ dns: '192.0.2.1:53' })).rejects.toThrow(/this machine only/);
    await expect(load.failed).rejects.toThrow(new RegExp(`load process ${load.pid}: load is sent`));
    expect(log()).toMatch(/this machine only/);
  });

  it('refuses a plan that nobody can follow', async () => {
    await expect(launch(floodPlan({ ratePerSec: Number.POSITIVE_INFINITY })).prepare()).rejects.toThrow(
      /ratePerSec is/,
    );
    await expect(launch(floodPlan({}, { loss: 2 })).prepare()).rejects.toThrow(/upstream.loss is 2/);
  });

  it('gives up a wait on abort and on timeout, and goes on working', async () => {
    const load = await connected(launch(floodPlan({}, { silent: true })));
    const abort = new AbortController();
    const aborted = expect(load.probe(300, { signal: abort.signal })).rejects.toThrow('changed my mind');
    abort.abort(new Error('changed my mind'));
    await aborted;
    await expect(load.probe(300, { signal: abort.signal })).rejects.toThrow('changed my mind');
    await expect(load.probe(300, { timeoutMs: 30 })).rejects.toThrow(/no answer to "probe" in 30 ms/);
    expect(await load.probe(50)).toMatchObject({ ok: false });
  });

  it('is no failure when it was closed, and what waits for it is told', async () => {
    const load = await connected(launch(floodPlan({}, { silent: true })));
    let failures = 0;
    load.failed.catch(() => failures++);
    const probing = expect(load.probe(5000)).rejects.toThrow(/was closed/);
    await load.close();
    await probing;
    await expect(load.prepare()).rejects.toThrow(/was closed/);
    expect(failures).toBe(0);
  });

  it('ignores Ctrl-C, and ends on close even when it is suspended', async () => {
    const load = await connected(launch(floodPlan(), 50));
    process.kill(load.pid, 'SIGINT');
    expect(await load.probe(2000)).toMatchObject({ ok: true });
    process.kill(load.pid, 'SIGSTOP');
    await load.close();
    expect(() => process.kill(-load.pid, 0)).toThrow(/ESRCH/);
  });

  it('ends by itself when the rig is killed', async () => {
    // The load holds the rig's stdout, which therefore closes when both are gone and not before.
    const rig = spawn(process.execPath, ['--input-type=module', '-e', RIG], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(rig.stdout, 'data');
    rig.kill('SIGKILL');
    await once(rig, 'close');
  });

  it('says what to do when it was not built', () => {
    expect(() =>
      launchLoad(
        { plan: floodPlan(), reportEveryMs: 20, env: {}, logFd },
        { module: new URL('file:///nowhere/main.js') },
      ),
    ).toThrow(/nowhere.*npm run build/);
  });
});

const RIG = `
import { launchLoad } from '${new URL('client.js', COMPILED).href}';
const load = launchLoad({ plan: ${JSON.stringify(floodPlan())}, reportEveryMs: 20, env: {}, logFd: 1 });
await load.connect({ dns: await load.prepare() });
load.start();
console.log('running');
`;
