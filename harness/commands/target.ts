import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import type { Command } from 'commander';
import { couldNotRun } from '../core/errors.js';
import type { ExitCode } from '../core/exit-code.js';
import { builtInNodeCommand } from '../process/node-command.js';
import { RUN_ID_VARIABLE, startWatchdog } from '../process/watchdog.js';
import type { CommandContext } from './context.js';
import type { CommandOutcome } from './outcome.js';

/** How long the node may take to end after Ctrl-C before it is killed. */
const STOP_GRACE_MS = 3_000;

/** `leak-soak target …`: the built-in node alone, in the foreground, with its own options. */
export function addTargetCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('target')
    .description(
      'start the built-in node alone until Ctrl-C, or ask it for its faults (target faults --json)',
    )
    .argument('[options...]', 'handed to the node as they are; see leak-soak target --help')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[]) => done(await runNode(args, context)));
}

/** Runs the node until it ends by itself or Ctrl-C is passed on to it; its exit code becomes ours. */
async function runNode(args: readonly string[], context: CommandContext): Promise<CommandOutcome> {
  const runId = randomUUID();
  const watchdog = await startWatchdog({ runId, privateDir: null, onLost: () => undefined });
  const [file, ...nodeArgs] = builtInNodeCommand(...args);
  const child = spawn(file, nodeArgs, {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [RUN_ID_VARIABLE]: runId },
  });
  let killTimer: NodeJS.Timeout | undefined;
  const passOn = (): void => {
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  };
  context.signal.addEventListener('abort', passOn, { once: true });
  try {
    return await new Promise<CommandOutcome>((resolve, reject) => {
      child.once('spawn', () => watchdog.guard(child.pid as number));
      child.once('error', (cause) => reject(couldNotRun(`cannot start the node: ${cause.message}`, cause)));
      child.once('exit', (code, signal) => {
        const exitCode = context.signal.aborted ? 130 : exitCodeOf(code, signal);
        resolve({ exitCode, verdict: null, directory: null });
      });
    });
  } finally {
    clearTimeout(killTimer);
    context.signal.removeEventListener('abort', passOn);
    await watchdog.close();
  }
}

/** The node's own codes are ours already (0, 3, 4); whatever else ended it, it could not be run. */
function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): ExitCode {
  if (signal !== null) return constants.signals[signal] === constants.signals.SIGINT ? 130 : 3;
  return code === 0 || code === 4 ? code : 3;
}
