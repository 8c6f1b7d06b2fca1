import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isAlive, within } from '../core/fixtures/alive.js';
import { RUN_ID_VARIABLE, startWatchdog } from './watchdog.js';

const RIG = fileURLToPath(new URL('./fixtures/rig.mjs', import.meta.url));
const STUBBORN = fileURLToPath(new URL('./fixtures/stubborn.mjs', import.meta.url));

interface Pids {
  readonly watchdog: number;
  readonly target: number;
  readonly escaped: number;
}

async function startRig(privateDir: string): Promise<{ rig: ChildProcess; pids: Pids }> {
  const rig = spawn(process.execPath, [RIG, randomUUID(), privateDir, STUBBORN], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    rig.stdout?.once('data', (data) => resolve(String(data))),
  );
  return { rig, pids: JSON.parse(line) as Pids };
}

/** A control group of the kernel's, empty; null where this user may make none. */
function makeControlGroup(): string | null {
  for (const parent of ['/sys/fs/cgroup', '/sys/fs/cgroup/memory']) {
    const folder = join(parent, `leak-soak-test-${process.pid}`);
    try {
      mkdirSync(folder);
      if (existsSync(join(folder, 'cgroup.procs'))) return folder;
      rmSync(folder, { recursive: true });
    } catch {
      // Not here.
    }
  }
  return null;
}

const controlGroup = makeControlGroup();

describe.skipIf(process.platform !== 'linux')('the watchdog', () => {
  test('kills everything when the rig is killed: who ignores SIGTERM and who left the group too', async () => {
    const privateDir = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
    writeFileSync(join(privateDir, 'agent.sock'), '');
    const { rig, pids } = await startRig(privateDir);
    expect([pids.target, pids.escaped, pids.watchdog].every(isAlive)).toBe(true);

    rig.kill('SIGKILL');

    expect(await within(4000, () => ![pids.target, pids.escaped, pids.watchdog].some(isAlive))).toBe(true);
    expect(existsSync(privateDir)).toBe(false);
  });

  test('is not impressed by the signals of a terminal', async () => {
    const { rig, pids } = await startRig('');
    process.kill(pids.watchdog, 'SIGINT');
    process.kill(pids.watchdog, 'SIGTERM');
    process.kill(pids.watchdog, 'SIGHUP');
    rig.kill('SIGKILL');
    expect(await within(4000, () => ![pids.target, pids.escaped, pids.watchdog].some(isAlive))).toBe(true);
  });

  test('leaves a released group alone and still finds what carries the run id', async () => {
    const runId = randomUUID();
    const sleeper = (env: NodeJS.ProcessEnv): ChildProcess =>
      spawn('sleep', ['30'], { detached: true, stdio: 'ignore', env: { PATH: process.env.PATH, ...env } });
    const [released, marked, stranger] = [
      sleeper({}),
      sleeper({ [RUN_ID_VARIABLE]: runId }),
      sleeper({ [RUN_ID_VARIABLE]: randomUUID() }),
    ] as const;
    const watchdog = await startWatchdog({ runId, privateDir: null, onLost: () => undefined });
    watchdog.guard(released.pid as number);
    watchdog.release(released.pid as number);
    await watchdog.close();
    await watchdog.close();
    expect(await within(2000, () => !isAlive(marked.pid as number))).toBe(true);
    expect([released, stranger].map((child) => isAlive(child.pid as number))).toEqual([true, true]);
    released.kill('SIGKILL');
    stranger.kill('SIGKILL');
  });

  test('removes a control group, with a space in its name and gone already as well', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
    const folder = join(parent, 'of one run');
    for (const exists of [true, false]) {
      if (exists) mkdirSync(folder);
      const watchdog = await startWatchdog({
        runId: randomUUID(),
        privateDir: null,
        onLost: () => undefined,
      });
      watchdog.guardControlGroup(folder);
      await watchdog.close();
      expect(existsSync(folder)).toBe(false);
    }
    rmSync(parent, { recursive: true });
  });

  test.skipIf(controlGroup === null)('empties a real one and removes it', async () => {
    const folder = controlGroup as string;
    const runId = randomUUID();
    const inside = spawn('sh', ['-c', `echo $$ > '${folder}/cgroup.procs' && echo in && exec sleep 30`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, [RUN_ID_VARIABLE]: runId },
    });
    await once(inside.stdout, 'data');
    const watchdog = await startWatchdog({ runId, privateDir: null, onLost: () => undefined });
    watchdog.guardControlGroup(folder);
    await watchdog.close();
    expect(isAlive(inside.pid as number)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  test('its own violent end is reported', async () => {
    let lost = 0;
    const watchdog = await startWatchdog({ runId: randomUUID(), privateDir: null, onLost: () => lost++ });
    process.kill(watchdog.pid, 'SIGKILL');
    expect(await within(2000, () => lost === 1)).toBe(true);
    watchdog.guard(1234567);
    await watchdog.close();
  });
});
