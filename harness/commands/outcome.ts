import { HarnessError } from '../core/errors.js';
import type { ExitCode } from '../core/exit-code.js';
import type { RunOutcome } from '../core/verdict.js';

/** How a command ended: what its exit code and the last line on stderr are made of. */
export interface CommandOutcome {
  readonly exitCode: ExitCode;
  /** Null for commands that judge nothing (`list`, `doctor`, `target`). */
  readonly verdict: RunOutcome | null;
  /** The run's directory; null where there is none. */
  readonly directory: string | null;
}

/** A command that judges nothing and went well. */
export const DONE: CommandOutcome = { exitCode: 0, verdict: null, directory: null };

/** The last line on stderr, by which a script tells our exit code 1 from anybody else's. */
export function lastLine(outcome: CommandOutcome): string {
  const directory = outcome.directory === null ? '-' : outcome.directory;
  return `leak-soak: verdict=${outcome.verdict ?? 'none'} exit=${outcome.exitCode} dir=${directory}`;
}

/** System errors whose cause is the machine, not us: one line says it all. */
const SYSTEM_HINTS: Readonly<Record<string, string>> = {
  EMFILE: 'raise the limit with ulimit -n',
  ENFILE: 'the machine has no file descriptors left',
  ENOSPC: 'free some disk space',
  EFBIG: 'raise the limit with ulimit -f',
  ENOMEM: 'free some memory',
};

/** Where a command was when it threw; kept beside the error, which may be anything. */
const directories = new WeakMap<object, string>();

/** Runs the part of a command that has a directory: whatever it throws is reported with it. */
export async function inDirectory<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    directories.set(error, directory);
    throw error;
  }
}

/** What anything thrown comes to: 4 when the caller is to blame, else 3; never 1, which speaks of the target only. */
export function outcomeOfError(thrown: unknown): {
  readonly outcome: CommandOutcome;
  readonly message: string;
} {
  const usage = thrown instanceof HarnessError && thrown.code === 'usage';
  const directory = typeof thrown === 'object' && thrown !== null ? (directories.get(thrown) ?? null) : null;
  return {
    outcome: { exitCode: usage ? 4 : 3, verdict: 'error', directory },
    // Files and paths may hold anything; a terminal must not obey it.
    message: describe(thrown).replace(/[^\P{Cc}\n]/gu, '?'),
  };
}

/** One line for what was foreseen, the stack for what was not. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown instanceof HarnessError) return thrown.message;
  const hint = SYSTEM_HINTS[(thrown as NodeJS.ErrnoException).code ?? ''];
  return hint === undefined ? (thrown.stack ?? thrown.message) : `${thrown.message}: ${hint}`;
}
