/** A mistake in the command line or the configuration: one line that names file, key, value and the next move. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The node could not start (port in use, address not available): one line, as above. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The code (`EADDRINUSE`) of a system error, else its message: for one-line reports. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** Exit codes of the node's process. */
export const EXIT = {
  /** Stopped cleanly. */
  ok: 0,
  /** It could not start, or an error of ours was not caught. */
  failure: 3,
  /** Usage or configuration mistake. */
  usage: 4,
} as const;
