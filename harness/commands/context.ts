import type { Writable } from 'node:stream';

/** What a command may touch of the outside: handed in, so that a test can drive the real command. */
export interface CommandContext {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Whether colours are wanted on stdout, and on stderr: a terminal, and no NO_COLOR. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  /** Whether stderr is a terminal that can be redrawn. */
  readonly live: boolean;
}

/** The context of the real process. */
export function processContext(signal: AbortSignal): CommandContext {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    colour: { stdout: wantsColour(process.stdout), stderr: wantsColour(process.stderr) },
    live: process.stderr.isTTY === true && process.env.TERM !== 'dumb' && process.env.CI === undefined,
  };
}

/** no-color.org: any non-empty NO_COLOR turns colours off; FORCE_COLOR turns them on without a terminal. */
function wantsColour(stream: NodeJS.WriteStream): boolean {
  if ((process.env.NO_COLOR ?? '') !== '') return false;
  if ((process.env.FORCE_COLOR ?? '') !== '') return process.env.FORCE_COLOR !== '0';
  return stream.isTTY === true;
}
