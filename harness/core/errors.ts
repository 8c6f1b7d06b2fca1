/**
 * Why the harness itself gave up; never a statement about the target's memory.
 *
 * - `usage`: the caller asked for something that cannot be asked for (exit 4);
 * - `could-not-run`: the request was fine, the world was not (exit 3).
 */
export type HarnessErrorCode = 'usage' | 'could-not-run';

/** An error whose message is written for the user: what is wrong, where, and the next move. */
export class HarnessError extends Error {
  readonly code: HarnessErrorCode;

  constructor(code: HarnessErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'HarnessError';
    this.code = code;
  }
}

/** A mistake of the caller: unknown name, bad value, contradictory flags. */
export function usageError(message: string, cause?: unknown): HarnessError {
  return new HarnessError('usage', message, { cause });
}

/** A run that could not be carried out although it was asked for correctly. */
export function couldNotRun(message: string, cause?: unknown): HarnessError {
  return new HarnessError('could-not-run', message, { cause });
}

/** The message of anything that was thrown, one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n')[0] ?? text;
}
