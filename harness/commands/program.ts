import { Command, CommanderError } from 'commander';
import { addAnalyzeCommand } from './analyze/analyze.js';
import { addCompareCommand } from './compare/compare.js';
import type { CommandContext } from './context.js';
import { addDoctorCommand } from './doctor.js';
import { addHeapDiffCommand } from './heap-diff/heap-diff.js';
import { addListCommand } from './list.js';
import { type CommandOutcome, DONE } from './outcome.js';
import { addRunCommand } from './run/run.js';
import { addSelfTestCommand } from './self-test/self-test.js';
import { addTargetCommand } from './target.js';
import { VERSION } from './version.js';
import { addWatchCommand } from './watch/watch.js';

const EXIT_CODES = `
Exit codes: 0 pass, 1 the target fell short, 2 cannot tell, 3 could not be run, 4 usage, 130 interrupted.
The last line on stderr repeats verdict, exit code and directory.`;

/**
 * Parses a command line and carries it out.
 *
 * A command line that commander refuses is an outcome (exit 4, its message already printed), and so are help
 * and version. Throws whatever the command throws.
 */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<CommandOutcome> {
  let outcome: CommandOutcome = DONE;
  const done = (result: CommandOutcome): void => {
    outcome = result;
  };
  const program = new Command('leak-soak')
    .description('Finds memory and descriptor leaks in network servers, and says so with an exit code.')
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      outputError: (text, write) => write(`leak-soak: ${text.trimEnd().replaceAll('\n', ' ')}; see --help\n`),
    })
    .addHelpText('after', EXIT_CODES);
  addRunCommand(program, context, done);
  addWatchCommand(program, context, done);
  addCompareCommand(program, context, done);
  addAnalyzeCommand(program, context, done);
  addSelfTestCommand(program, context, done);
  addHeapDiffCommand(program, context, done);
  addListCommand(program, context, done);
  addTargetCommand(program, context, done);
  addDoctorCommand(program, context, done);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return outcome;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? DONE : { exitCode: 4, verdict: 'error', directory: null };
  }
}
