import type { ChildProcess } from 'node:child_process';

/** Whether `ended` settles within `ms`; leaves no timer behind. */
async function settlesWithin(ended: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([ended.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a forked process, politely first: closes its channel, then SIGTERM, then SIGKILL, `graceMs` apart. */
export async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  if (child.connected) child.disconnect();
  if (await settlesWithin(ended, graceMs)) return;
  child.kill('SIGTERM');
  if (await settlesWithin(ended, graceMs)) return;
  child.kill('SIGKILL');
  await ended;
}
