import type { Command } from 'commander';
import { createColours } from '../../reports/colours.js';
import { comparisonText } from '../../reports/compare-text.js';
import { resultJson } from '../../reports/verdict-json.js';
import type { ComparisonOutcome } from '../core/comparison.js';
import { usageError } from '../core/errors.js';
import type { MetricOutcome } from '../core/verdict.js';
import { compareRuns } from '../verdict/compare.js';
import type { CommandContext } from './context.js';
import type { CommandOutcome } from './outcome.js';
import { readRun } from './read-run.js';

/** A comparison's outcome in the words of the last line. */
const VERDICTS = {
  regressed: 'fail',
  improved: 'pass',
  'no-difference': 'pass',
  inconclusive: 'inconclusive',
} as const satisfies Record<ComparisonOutcome, MetricOutcome>;

/** `leak-soak compare BEFORE AFTER`: does the second run grow faster than the first? */
export function addCompareCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  program
    .command('compare')
    .description('compare two runs: per metric both growth rates, their difference, and whether it regressed')
    .argument('<before>', 'directory of the earlier run')
    .argument('<after>', 'directory of the later run')
    .option('--force', 'compare although the runs differ in load, phases or sampling')
    .option('--json', 'print the comparison as JSON on stdout')
    .action(async (before: string, after: string, options: { force?: boolean; json?: boolean }) => {
      const runs = [await readRun(before), await readRun(after)] as const;
      const comparison = compareRuns(runs[0], runs[1], { force: options.force === true });
      if (comparison.state === 'refused') {
        const differences = comparison.differences.map(
          (difference) => `${difference.setting} ${difference.before} against ${difference.after}`,
        );
        throw usageError(
          `these runs are not alike: ${differences.join('; ')}. Repeat one of them with the settings of the ` +
            'other, or compare anyway with --force',
        );
      }
      context.stdout.write(
        options.json === true
          ? resultJson(comparison)
          : comparisonText(comparison, { colours: createColours(context.colour.stdout), before, after }),
      );
      done({
        exitCode: comparison.exitCode,
        verdict: VERDICTS[comparison.outcome],
        directory: runs[1].directory,
      });
    });
}
