import { couldNotRun } from '../core/errors.js';
import type { ProcessExit, TargetProcess } from './target-process.js';

/** What the node under test says of itself in its one ready line. */
export interface ReadyLine {
  readonly version: string | null;
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * Waits for the target's ready line on stdout: one JSON object with `"ready": true` and its addresses.
 *
 * Throws `could-not-run` when the target ends first or does not say it in time; the message carries the last
 * lines of its log.
 */
export async function waitUntilReady(
  target: TargetProcess,
  tail: () => readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ReadyLine> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([timeout, signal]);
  try {
    return await new Promise<ReadyLine>((resolve, reject) => {
      target.onLine((line) => {
        const ready = parseReadyLine(line);
        if (ready !== null) resolve(ready);
      });
      void target.exited.then((exit) =>
        reject(couldNotRun(`the target ${describeExit(exit)} before it was ready${quoted(tail())}`)),
      );
      const onAbort = (): void =>
        reject(
          timeout.aborted
            ? couldNotRun(`the target printed no ready line within ${timeoutMs / 1000} s${quoted(tail())}`)
            : (signal.reason as Error),
        );
      if (either.aborted) onAbort();
      else either.addEventListener('abort', onAbort, { once: true });
    });
  } finally {
    target.onLine(null);
  }
}

/** `exited with code 3` or `was ended by SIGKILL`. */
export function describeExit(exit: Pick<ProcessExit, 'code' | 'signal'>): string {
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
}

/** Null for any line that is not a ready line: targets may print whatever they like before it. */
export function parseReadyLine(line: string): ReadyLine | null {
  if (!line.startsWith('{')) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { ready, version, addresses } = parsed as Record<string, unknown>;
  if (ready !== true) return null;
  const pairs = typeof addresses === 'object' && addresses !== null ? Object.entries(addresses) : [];
  return {
    version: typeof version === 'string' ? version : null,
    addresses: Object.fromEntries(
      pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
  };
}

/** The last lines of a log, for the end of an error message. */
export function quoted(lines: readonly string[]): string {
  return lines.length === 0 ? '; it printed nothing' : `; its last lines:\n  ${lines.slice(-5).join('\n  ')}`;
}
