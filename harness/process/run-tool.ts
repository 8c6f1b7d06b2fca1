import { spawn } from 'node:child_process';
import { couldNotRun } from '../core/errors.js';
import { signalGroup } from '../core/signal-group.js';
import type { Watchdog } from './watchdog.js';

/** Characters of a tool's output that are kept, the last ones. */
const KEPT_OUTPUT = 16_384;

/** How long a tool may take to end after SIGTERM. */
const STOP_GRACE_MS = 3_000;

export interface ToolOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the tool's whole process group with the rig, however the rig ends. */
  readonly watchdog: Pick<Watchdog, 'guard' | 'release'>;
}

/**
 * Runs a tool (git, npm) to its end and hands back the end of what it printed, both streams together.
 *
 * Throws `could-not-run` with its last lines when it cannot be started or does not end with 0. When the signal
 * aborts, its process group is ended and the signal's reason thrown.
 */
export async function runTool(
  command: readonly [string, ...string[]],
  { cwd, env, watchdog }: ToolOptions,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const [file, ...args] = command;
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('spawn', () => watchdog.guard(child.pid as number));
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (child.pid === undefined) return;
    const group = child.pid;
    signalGroup(group, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(group, 'SIGKILL'), STOP_GRACE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = await new Promise<string>((resolve, reject) => {
      child.once('error', (cause) => reject(couldNotRun(`cannot start ${file}: ${cause.message}`, cause)));
      child.once('close', (code, killedBy) => resolve(killedBy ?? `exit ${code}`));
    });
    signal.throwIfAborted();
    if (ended === 'exit 0') return output;
    throw couldNotRun(`'${command.join(' ')}' failed (${ended}): ${lastLines(output)}`);
  } finally {
    clearTimeout(killTimer);
    signal.removeEventListener('abort', stop);
    if (child.pid !== undefined) watchdog.release(child.pid);
  }
}

function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? 'it printed nothing' : lines.slice(-5).join('\n  ');
}
