import type { Command } from 'commander';
import { resultJson } from '../../../reports/verdict-json.js';
import type { Pair } from '../../core/comparison.js';
import { usageError } from '../../core/errors.js';
import { comparePairs } from '../../verdict/compare.js';
import { findPairFolders } from '../against/pair-folders.js';
import { readPairs } from '../against/read-pairs.js';
import type { CommandContext } from '../context.js';
import type { CommandOutcome } from '../outcome.js';
import { COMPARISON_VERDICTS, printComparison, requireCompared } from './print-comparison.js';

interface CompareFlags {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

const FORMS = `
Two runs:                 leak-soak compare BEFORE AFTER
Several runs of each:     leak-soak compare --before B1 B2 B3 --after A1 A2 A3
What run --against wrote: leak-soak compare DIR

With several runs the first before is paired with the first after, and so on. The differences within the pairs
are compared: what changed from pair to pair cancels, and how much runs of one version vary is taken into account.`;

/** `leak-soak compare BEFORE AFTER`: does the version after grow faster than the one before? */
export function addCompareCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('compare')
    .description('compare two runs, or pairs of runs: per metric growth, level and peak, and what regressed')
    .argument('[before]', 'directory of the earlier run, or the one that run --against wrote')
    .argument('[after]', 'directory of the later run')
    .option('--before <dir...>', 'directories of the earlier runs of several pairs', [])
    .option('--after <dir...>', 'directories of the later runs, in the same order', [])
    .option('--force', 'compare although the runs differ in load, phases or sampling')
    .option('--json', 'print the comparison as JSON on stdout')
    .addHelpText('after', FORMS)
    .action(async (before: string | undefined, after: string | undefined, flags: CompareFlags) => {
      const given = [before, after].filter((path) => path !== undefined);
      const folders = pairedFolders(given, flags);
      const pairs = await readPairs(folders);
      const comparison = requireCompared(comparePairs(pairs, { force: flags.force === true }));
      const names = {
        before: folders.map((pair) => pair.before).join(', '),
        after: folders.map((pair) => pair.after).join(', '),
      };
      if (flags.json === true) context.stdout.write(resultJson(comparison));
      else printComparison(comparison, names, context);
      const [only] = given;
      done({
        exitCode: comparison.exitCode,
        verdict: COMPARISON_VERDICTS[comparison.outcome],
        directory: given.length === 1 && only !== undefined ? only : pairs[0].after.directory,
      });
    });
}

/** Which run is compared with which. Throws `usage` with the forms that there are. */
function pairedFolders(given: readonly string[], { before, after }: CompareFlags): Pair<string>[] {
  const forms =
    'give BEFORE and AFTER, or --before B1 B2 … --after A1 A2 …, or the folder of a run --against';
  const [first, second] = given;
  if (before.length > 0 || after.length > 0) {
    if (first !== undefined) throw usageError(`'${first}' goes with neither --before nor --after: ${forms}`);
    if (before.length !== after.length) {
      throw usageError(
        `--before names ${before.length} and --after ${after.length} runs: give as many of each, they are compared in pairs`,
      );
    }
    return before.map((path, i) => ({ before: path, after: after[i] as string }));
  }
  if (first === undefined) throw usageError(`nothing to compare: ${forms}`);
  if (second !== undefined) return [{ before: first, after: second }];
  const pairs = findPairFolders(first);
  if (pairs.length > 0) return pairs;
  throw usageError(`'${first}' holds no pair of runs (pair-1-before, pair-1-after): ${forms}`);
}
