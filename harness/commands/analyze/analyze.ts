import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { createColours } from '../../../reports/colours.js';
import {
  type AnalysedFile,
  analysisLine,
  analysisText,
  noteLines,
} from '../../../reports/recordings/analysis-text.js';
import { dominantExitCode, type ExitCode } from '../../core/exit-code.js';
import type { RunOutcome } from '../../core/verdict.js';
import type { CommandContext } from '../context.js';
import { type CommandOutcome, outcomeOfError } from '../outcome.js';
import { printVerdict } from '../print-verdict.js';
import { isRun, judgeFile, judgeRun } from './analyze-files.js';
import {
  type AnalyzeFlags,
  type AnalyzeOptions,
  addAnalyzeFlags,
  resolveAnalyzeFlags,
} from './analyze-flags.js';

const VERDICTS: Readonly<Record<ExitCode, RunOutcome>> = {
  0: 'pass',
  1: 'fail',
  2: 'inconclusive',
  3: 'error',
  4: 'error',
  130: 'error',
};

/** `leak-soak analyze FILE…`: judges what is on disk, runs and anybody's recordings; writes nothing. */
export function addAnalyzeCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  const command = program
    .command('analyze')
    .description('judge recorded runs, also those whose rig was killed, and recordings of other samplers')
    .argument(
      '<path...>',
      'directory of a run, samples.csv, psrecord, pidstat or trustflow log, any table with --time and --map; - is stdin',
    );
  addAnalyzeFlags(command).action(async (paths: readonly string[], flags: AnalyzeFlags) => {
    const options = resolveAnalyzeFlags(flags);
    const [only = ''] = paths;
    // As JSON a file gives a line per metric, whoever wrote it; only a run's directory gives its whole verdict.
    const asLines = flags.json === true && isFile(only);
    if (paths.length === 1 && !asLines && isRun(only, options)) {
      const { directory, verdict } = await judgeRun(only, options);
      printVerdict(verdict, directory, flags.json === true, context);
      done({ exitCode: verdict.exitCode, verdict: verdict.verdict, directory });
      return;
    }
    const exitCode = await analyzeEach(paths, options, flags.json === true, context);
    done({ exitCode, verdict: VERDICTS[exitCode], directory: null });
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Judges one path after another; one that cannot be judged costs a line on stderr, not the others. */
async function analyzeEach(
  paths: readonly string[],
  options: AnalyzeOptions,
  json: boolean,
  context: CommandContext,
): Promise<ExitCode> {
  const files: AnalysedFile[] = [];
  const exitCodes: ExitCode[] = [];
  for (const path of paths) {
    if (context.signal.aborted) {
      exitCodes.push(130);
      break;
    }
    try {
      const { exitCode, ...file } = await judgeFile(path, options);
      exitCodes.push(exitCode);
      files.push(file);
      if (json) for (const metric of file.metrics) context.stdout.write(analysisLine(path, metric));
    } catch (thrown) {
      const { outcome, message } = outcomeOfError(thrown);
      exitCodes.push(outcome.exitCode);
      context.stderr.write(`leak-soak: error: ${message}\n`);
    }
  }
  if (json) for (const line of noteLines(files)) context.stderr.write(`leak-soak: note: ${line}\n`);
  else context.stdout.write(analysisText(files, createColours(context.colour.stdout)));
  return dominantExitCode(exitCodes);
}
