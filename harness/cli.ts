#!/usr/bin/env node
import { type CommandOutcome, lastLine, outcomeOfError } from './commands/outcome.js';

const interrupt = new AbortController();

/** The only way out: says the last line and exits. */
function exit(outcome: CommandOutcome): never {
  if (outcome.verdict !== null || outcome.exitCode !== 0) process.stderr.write(`${lastLine(outcome)}\n`);
  process.exit(outcome.exitCode);
}

function fail(thrown: unknown): never {
  const { outcome, message } = outcomeOfError(thrown);
  process.stderr.write(`leak-soak: error: ${message}\n`);
  return exit(outcome);
}

/** The first signal ends the run in good order, the second at once: the watchdog clears up after us. */
function onInterrupt(): void {
  if (interrupt.signal.aborted) exit({ exitCode: 130, verdict: 'error', directory: null });
  interrupt.abort(new Error('interrupted'));
}

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);
process.on('SIGHUP', onInterrupt);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('beforeExit', () => fail(new Error('the event loop ran empty before the command was done')));
// A reader that went away (`| head`, a closed terminal) takes nothing from the verdict and its exit code.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

/** Loaded only now, so that an error in loading it is caught as well: Node's own exit code for that is 1. */
async function main(): Promise<CommandOutcome> {
  const [{ processContext }, { runProgram }] = await Promise.all([
    import('./commands/context.js'),
    import('./commands/program.js'),
  ]);
  return runProgram(process.argv.slice(2), processContext(interrupt.signal));
}

main().then(exit, fail);
