import { createColours } from '../../../reports/colours.js';
import { comparisonText } from '../../../reports/compare-text.js';
import type { Compared, Comparison, ComparisonOutcome, Pair } from '../../core/comparison.js';
import { usageError } from '../../core/errors.js';
import type { MetricOutcome } from '../../core/verdict.js';
import type { CommandContext } from '../context.js';

/** A comparison's outcome in the words of the last line. */
export const COMPARISON_VERDICTS = {
  regressed: 'fail',
  improved: 'pass',
  'no-difference': 'pass',
  inconclusive: 'inconclusive',
} as const satisfies Record<ComparisonOutcome, MetricOutcome>;

/** Throws `usage` with what differs when the runs must not be compared. */
export function requireCompared(comparison: Comparison): Compared {
  if (comparison.state === 'compared') return comparison;
  const differences = comparison.differences.map(
    ({ setting, before, after }) => `${setting} ${before} against ${after}`,
  );
  throw usageError(
    `these runs are not alike: ${differences.join('; ')}. Repeat one of them with the settings of the ` +
      'other, or compare anyway with --force',
  );
}

/** Prints a comparison for people on stdout; the names are those of its two sides. */
export function printComparison(comparison: Compared, names: Pair<string>, context: CommandContext): void {
  const colours = createColours(context.colour.stdout);
  context.stdout.write(comparisonText(comparison, { colours, ...names }));
}
