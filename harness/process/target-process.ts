import { type ChildProcess, spawn } from 'node:child_process';
import { couldNotRun } from '../core/errors.js';
import { signalGroup } from '../core/signal-group.js';
import type { CappedLog } from './capped-log.js';

/** How a process ended: with a code or by a signal; both are null where only its parent, not us, was told. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** True when its parent never waited for it. */
  readonly zombie: boolean;
  /** The process that serves in its place; null when none does. */
  readonly servedBy: number | null;
}

/** The server under test, launched without a shell as the leader of its own process group. */
export interface TargetProcess {
  readonly pid: number;
  /** Resolves, never rejects, when the process has ended. */
  readonly exited: Promise<ProcessExit>;
  /** Each line the target writes to stdout or stderr, from the first on; null takes the listener away. */
  onLine(listener: ((line: string) => void) | null): void;
  /** True when it has closed both stdout and stderr. */
  outputClosed(): boolean;
  /** Ends the whole group: SIGTERM, then SIGKILL after the grace. Says whether it had to be killed. */
  stop(graceMs: number): Promise<{ readonly killed: boolean }>;
}

export interface LaunchOptions {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: CappedLog;
}

/** How long output is awaited after the process itself has ended. */
const LAST_WORDS_MS = 200;

/** Longest line that is looked at; the rest of a longer one is only logged. */
const MAX_LINE_LENGTH = 64 * 1024;

/** Starts the target. Throws `could-not-run` when the command cannot be executed. */
export async function launchTarget(options: LaunchOptions): Promise<TargetProcess> {
  const [file, ...args] = options.command;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  } catch (cause) {
    throw couldNotRun(`cannot start the target '${file}': ${(cause as Error).message}`, cause);
  }
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      const exit = { code, signal, zombie: false, servedBy: null };
      // Its last words may still be in the pipe, but a grandchild can hold that open for ever.
      const timer = setTimeout(() => resolve(exit), LAST_WORDS_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(exit);
      });
    });
  });
  let lineListener: ((line: string) => void) | null = null;
  for (const output of [child.stdout, child.stderr]) {
    const lines = splitLines((line) => lineListener?.(line));
    output.on('data', (chunk: Buffer) => {
      options.log.write(chunk);
      if (lineListener !== null) lines(chunk);
    });
  }

  return {
    pid: child.pid as number,
    exited,
    onLine: (listener) => {
      lineListener = listener;
    },
    outputClosed: () => child.stdout.readableEnded && child.stderr.readableEnded,
    stop: (graceMs) => stopGroup(child, exited, graceMs),
  };
}

async function stopGroup(
  child: ChildProcess,
  exited: Promise<ProcessExit>,
  graceMs: number,
): Promise<{ readonly killed: boolean }> {
  const pgid = child.pid as number;
  const running = child.exitCode === null && child.signalCode === null;
  let killed = false;
  if (running) {
    signalGroup(pgid, 'SIGTERM');
    const timer = setTimeout(() => {
      killed = true;
      signalGroup(pgid, 'SIGKILL');
    }, graceMs);
    await exited;
    clearTimeout(timer);
  }
  signalGroup(pgid, 'SIGKILL');
  return { killed };
}

function splitLines(emit: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const pieces = (rest + chunk.toString('utf8')).split('\n');
    rest = (pieces.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    for (const piece of pieces) emit(piece);
  };
}
