import type { Command } from 'commander';
import { usageError } from '../../core/errors.js';

/** The flags that make a run a comparison of two versions. */
export interface AgainstFlags {
  readonly against?: string;
  readonly pairs?: number;
}

export const DEFAULT_PAIRS = 3;

/** Two are the least that say anything of how runs vary; more than this is a slip. */
const PAIRS = { min: 2, max: 100 };

const HELP = `
Comparing two versions: the run's own options are the version "after", which is tested; --against names the one
"before", the baseline. Both run in turn on this machine (A B, B A, A B …), each run as long as the other, and the
differences within the pairs are judged: exit 1 when the version after grows faster.
  --against fixed               the built-in node without a fault
  --against fault:ID[,ID...]    the built-in node with these faults
  --against "command:LINE"      another command beside --command, at the same addresses
  --against git:REF             the node of that commit of the repository here, built in a temporary worktree
A word that is none of these is taken for a git ref if git knows it.
Example: leak-soak run --scenario udp-flood --fault dns-cache-names --against fixed --pairs 3`;

export function addAgainstFlags(command: Command): Command {
  return command
    .option(
      '--against <version>',
      'compare with this version, the baseline: fixed, fault:ID[,ID...], command:LINE or git:REF',
    )
    .option('--pairs <n>', `pairs of runs with --against (default: ${DEFAULT_PAIRS})`, pairsFlag)
    .addHelpText('after', HELP);
}

/** Whether these flags ask for a comparison. Throws `usage` for flags that only make sense in one. */
export function isAgainst<Flags extends AgainstFlags>(
  flags: Flags,
): flags is Flags & { readonly against: string } {
  if (flags.against === undefined && flags.pairs !== undefined) {
    throw usageError('--pairs goes with --against: name the version to compare with, e.g. --against fixed');
  }
  return flags.against !== undefined;
}

function pairsFlag(text: string): number {
  const pairs = Number(text);
  if (/^\d+$/.test(text) && pairs >= PAIRS.min && pairs <= PAIRS.max) return pairs;
  throw usageError(
    `--pairs "${text}" is not a number of pairs: give a whole number between ${PAIRS.min} and ${PAIRS.max}`,
  );
}
