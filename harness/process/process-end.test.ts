import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { awaitEnd, identityOf } from './process-end.js';

const NEVER = new AbortController().signal;
const UNKNOWN = { code: null, signal: null, zombie: false, servedBy: null };

/** A child of a process that never waits for it: its number, and the way to end its parent. */
async function orphanage(script: string): Promise<{ readonly pid: number; end(): void }> {
  // `exec` takes the shell away that would have waited.
  const parent = spawn('sh', ['-c', `(${script}) & echo $!; exec sleep 60`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  return { pid: Number(line), end: () => void parent.kill('SIGKILL') };
}

test.each([
  ['exit 7', { ...UNKNOWN, code: 7, zombie: true }],
  ['kill -s SEGV $(exec sh -c "echo \\$PPID")', { ...UNKNOWN, signal: 'SIGSEGV', zombie: true }],
])('of a zombie the exit status is known: %s', async (script, exit) => {
  const { pid, end } = await orphanage(`sleep 0.5; ${script}`);
  const born = identityOf(pid);
  expect(born).not.toBeNull();
  expect(await awaitEnd(pid, born as string, NEVER)).toEqual(exit);
  expect(identityOf(pid)).toBeNull();
  end();
});

test('of one that has gone nothing is known, and a number in other hands counts as gone', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const pid = child.pid as number;
  expect(await awaitEnd(pid, '1', NEVER)).toEqual(UNKNOWN);
  const end = awaitEnd(pid, identityOf(pid) as string, NEVER);
  child.kill('SIGKILL');
  expect(await end).toEqual(UNKNOWN);
});

test('watching ends when it is told to', async () => {
  const born = identityOf(process.pid) as string;
  expect(await awaitEnd(process.pid, born, AbortSignal.timeout(50))).toEqual(UNKNOWN);
});
