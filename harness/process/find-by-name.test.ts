import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findByName } from './find-by-name.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program that says a line once it runs; names carry our number, so that nobody else has them. */
async function start(file: string, ...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
}

/** A copy of the shell under another name, which waits for the end of its input. */
async function startProgram(name: string): Promise<ChildProcess> {
  const file = join(folder, name);
  copyFileSync('/bin/sh', file);
  return start(file, '-c', 'echo up; read line');
}

test('a program is found by its name, also by one that the kernel cuts off', async () => {
  const name = `a-program-with-a-long-name-${process.pid}`;
  const { pid } = await startProgram(name);
  expect(findByName(name)).toBe(pid);
  expect(() => findByName(name.slice(0, 15))).toThrow(/no process has this name/);
});

test('a script that Node runs is found with its extension and without', async () => {
  const script = join(folder, `script-${process.pid}.cjs`);
  writeFileSync(script, "process.stdin.resume(); console.log('up');");
  const { pid } = await start(process.execPath, '--no-warnings', script, 'argument.js');
  expect(findByName(basename(script))).toBe(pid);
  expect(findByName(`script-${process.pid}`)).toBe(pid);
  expect(() => findByName('argument.js')).toThrow(/no process has this name/);
});

test('a parent with children of its name is one match; unrelated ones are listed', async () => {
  const name = `p-${process.pid}`;
  const file = join(folder, name);
  copyFileSync('/bin/sh', file);
  const parent = await start(file, '-c', `'${file}' -c 'echo up; read line'; true`);
  expect(findByName(name)).toBe(parent.pid);
  const other = await start(file, '-c', 'echo up; read line');
  expect(() => findByName(name)).toThrow(/matches 2 processes: .*; give --pid N/);
  expect(() => findByName(name)).toThrow(String(other.pid));
});

test('neither this process nor those that started it match', () => {
  const names = [basename(process.argv[0] ?? '')];
  for (const name of names) {
    let found: number | null = null;
    try {
      found = findByName(name);
    } catch {
      // None, or several others.
    }
    expect([process.pid, process.ppid]).not.toContain(found);
  }
});
