import type { Command } from 'commander';
import { judge } from '../verdict/judge.js';
import type { CommandContext } from './context.js';
import type { CommandOutcome } from './outcome.js';
import { printVerdict } from './print-verdict.js';
import { readRun } from './read-run.js';

/** `leak-soak analyze DIR`: judges what is on disk; writes nothing. */
export function addAnalyzeCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('analyze')
    .description('judge a recorded run, also one whose rig was killed')
    .argument('<dir>', 'directory of a run')
    .option('--json', 'print the verdict as JSON on stdout')
    .action(async (dir: string, options: { json?: boolean }) => {
      const { directory, manifest, recording, warnings } = await readRun(dir);
      const verdict = judge(manifest, recording, warnings);
      printVerdict(verdict, directory, options.json === true, context);
      done({ exitCode: verdict.exitCode, verdict: verdict.verdict, directory });
    });
}
