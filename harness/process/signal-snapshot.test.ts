import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { snapshotBySignal, whyNoSignal } from './signal-snapshot.js';

let folder: string;
let cwd: string;
let child: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
  cwd = join(folder, 'cwd');
  mkdirSync(cwd);
});
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

/** Starts a program in its own folder; resolves when it runs. */
async function start(script: string, ...flags: readonly string[]): Promise<number> {
  const program = `${script}; setInterval(() => {}, 1e6); process.send('up')`;
  child = spawn(process.execPath, [...flags, '-e', program], {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child.pid as number;
}

async function take(pid: number, patienceMs = 20_000): Promise<string> {
  const path = join(folder, '1.heapsnapshot');
  writeFileSync(path, '', { mode: 0o600 });
  await snapshotBySignal(pid, 'SIGUSR2', path, AbortSignal.timeout(patienceMs));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return readFileSync(path, 'utf8');
}

const running = (): readonly unknown[] => [child.exitCode, child.signalCode];

describe.skipIf(process.platform !== 'linux')('a heap snapshot by signal', () => {
  test('of a process with --heapsnapshot-signal is taken from where it writes, as often as it is wanted', async () => {
    mkdirSync(join(cwd, 'dumps'));
    writeFileSync(join(cwd, 'dumps', 'earlier.heapsnapshot'), 'not ours');
    const flags = ['--heapsnapshot-signal=SIGUSR2', '--diagnostic-dir=dumps'];
    const pid = await start('class Kept {} globalThis.kept = new Kept()', ...flags);
    for (let n = 0; n < 2; n++) {
      const { strings } = JSON.parse(await take(pid)) as { strings: string[] };
      expect(strings).toContain('Kept');
    }
    expect(readdirSync(join(cwd, 'dumps'))).toEqual(['earlier.heapsnapshot']);
    expect(running()).toEqual([null, null]);
  });

  test('is waited for until all of it is there', async () => {
    const pid = await start(`process.on('SIGUSR2', () => {
      fs.writeFileSync('slow.heapsnapshot', '{"nodes":[1],"strings":["first"');
      setTimeout(() => fs.appendFileSync('slow.heapsnapshot', ',"last"]}'), 900);
    })`);
    expect(JSON.parse(await take(pid))).toEqual({ nodes: [1], strings: ['first', 'last'] });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('is refused of a process that the signal would end, and that lives', async () => {
    const pid = await start('');
    await expect(take(pid)).rejects.toThrow(
      /process \d+ does not handle SIGUSR2, which would end it: start it with node --heapsnapshot-signal=SIGUSR2/,
    );
    expect(running()).toEqual([null, null]);
  });

  test('is refused of a program that is not Node', async () => {
    child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    expect(whyNoSignal(child.pid as number, 'SIGHUP')).toMatch(
      /does not run Node: give the server's own process/,
    );
  });

  test('that does not come, or only in part, leaves an error that says where it was looked for, and no file', async () => {
    const pid = await start(`process.on('SIGUSR2', () => undefined)`);
    await expect(take(pid, 300)).rejects.toThrow(`no file *.heapsnapshot came in ${cwd}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const other = await start(`process.on('SIGUSR2', () => fs.writeFileSync('part.heapsnapshot', '{'))`);
    await expect(take(other, 500)).rejects.toThrow('timeout');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('of a process that ends of it is none', async () => {
    const pid = await start(`process.on('SIGUSR2', () => process.exit(3))`);
    await expect(take(pid)).rejects.toThrow('no heap snapshot on SIGUSR2: the process ended meanwhile');
  });
});
