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
