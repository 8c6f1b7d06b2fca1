#!/usr/bin/env node
import { type CommandOutcome, lastLine } from './commands/outcome.js';
import { HarnessError, messageOf } from './core/errors.js';

const interrupt = new AbortController();

/** The only way out: says the last line and exits. */
function exit(outcome: CommandOutcome): never {
  if (outcome.verdict !== null || outcome.exitCode !== 0) process.stderr.write(`${lastLine(outcome)}\n`);
  process.exit(outcome.exitCode);
}

/** Anything thrown becomes 3, or 4 when the caller is to blame; never 1, which speaks of the target only. */
function fail(thrown: unknown): never {
  const expected = thrown instanceof HarnessError;
  const text = !expected && thrown instanceof Error ? thrown.stack : undefined;
  process.stderr.write(`leak-soak: error: ${text ?? (expected ? thrown.message : messageOf(thrown))}\n`);
  return exit({ exitCode: expected && thrown.code === 'usage' ? 4 : 3, verdict: 'error', directory: null });
}

/** The first signal ends the run in good order, the second at once: the watchdog clears up after us. */
function onInterrupt(): void {
  if (interrupt.signal.aborted) exit({ exitCode: 130, verdict: 'error', directory: null });
  interrupt.abort(new HarnessError('could-not-run', 'interrupted'));
}

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);
process.on('SIGHUP', onInterrupt);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('beforeExit', () => fail(new Error('the event loop ran empty before the command was done')));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A closed pipe (`| head`) is the reader's wish; the verdict and the exit code stand.
  if (error.code !== 'EPIPE') fail(error);
});

/** Loaded only now, so that an error in loading it is caught as well: Node's own exit code for that is 1. */
async function main(): Promise<CommandOutcome> {
  const [{ processContext }, { runProgram }] = await Promise.all([
    import('./commands/context.js'),
    import('./commands/program.js'),
  ]);
  return runProgram(process.argv.slice(2), processContext(interrupt.signal));
}

main().then(exit, fail);
