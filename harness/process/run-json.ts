import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { couldNotRun, messageOf } from '../core/errors.js';

const run = promisify(execFile);

/** Longest a command that prints JSON may take, and how much it may print. */
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/** Runs a command and parses what it prints as JSON. Throws `could-not-run` with the command when it cannot. */
export async function runForJson(command: readonly [string, ...string[]]): Promise<unknown> {
  const [file, ...args] = command;
  try {
    const { stdout } = await run(file, args, { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES });
    return JSON.parse(stdout);
  } catch (cause) {
    throw couldNotRun(
      `'${command.join(' ')}' did not print JSON: ${messageOf(cause)}; does something in NODE_OPTIONS print to stdout?`,
      cause,
    );
  }
}
