/** `leak-soak run --against`: two versions in turn on one host, and what the second grows faster than the first. */
import { basename, join } from 'node:path';
import { resultJson } from '../../../reports/verdict-json.js';
import type { ComparisonReport, Pair } from '../../core/comparison.js';
import { couldNotRun } from '../../core/errors.js';
import type { RunVerdict } from '../../core/verdict.js';
import { pairOrder } from '../../run/pair-order.js';
import type { ResolvedRun } from '../../run/run-options.js';
import { comparePairs } from '../../verdict/compare.js';
import { COMPARISON_VERDICTS, printComparison, requireCompared } from '../compare/print-comparison.js';
import type { CommandContext } from '../context.js';
import { makeDefaultRunFolder, makeRunFolder, replaceFile } from '../files/run-folder.js';
import { type CommandOutcome, inDirectory } from '../outcome.js';
import { reproduceCommand } from '../run/reproduce.js';
import type { RunFlags } from '../run/run-flags.js';
import { VERSION } from '../version.js';
import { DEFAULT_PAIRS } from './against-flags.js';
import {
  type Baseline,
  checkBaseline,
  commandLabel,
  labelOf,
  type OpenVariant,
  openBaseline,
  parseBaseline,
  type Variant,
} from './baseline.js';
import { COMPARISON_FILE, pairFolder, removePairFolders } from './pair-folders.js';
import { describePairs, equalLength, forbidUnequal } from './pair-plan.js';
import { readPairs } from './read-pairs.js';

/** How a single run is resolved and carried out, whoever its target is. */
export interface RunParts {
  resolve(flags: RunFlags): Promise<ResolvedRun>;
  record(
    folder: string,
    run: ResolvedRun,
    reproduce: string,
    flags: RunFlags,
    context: CommandContext,
  ): Promise<RunVerdict>;
}

type AgainstRun = RunFlags & { readonly against: string };

/** Everything that is known before the first run starts. */
interface PairedRuns {
  readonly folder: string;
  readonly pairs: number;
  readonly variants: Pair<Variant>;
  readonly reproduce: string;
}

/**
 * Runs the pairs and compares them. When interrupted, the complete pairs are compared (exit 130). Throws `usage`
 * before anything is started or written, and `could-not-run` when a run could not be carried out.
 */
export async function runAgainst(
  flags: AgainstRun,
  context: CommandContext,
  parts: RunParts,
): Promise<CommandOutcome> {
  const pairs = flags.pairs ?? DEFAULT_PAIRS;
  forbidUnequal(flags);
  const baseline = parseBaseline(flags.against);
  const { deadline, variant, ...own } = flags;
  const resolved = await parts.resolve(variant === undefined ? own : { ...own, variant });
  checkBaseline(baseline, resolved);
  const after = { label: afterLabel(baseline, resolved), run: equalLength(resolved) };
  const before =
    baseline.kind === 'faults'
      ? equalLength(await parts.resolve({ ...own, fault: baseline.faults }))
      : after.run;
  const announced = describePairs(after.run.plan, pairs, deadline);

  const folder = makePairsFolder(flags, resolved);
  const say = (text: string): void => {
    if (flags.quiet !== true) context.stderr.write(`leak-soak: ${text}\n`);
  };
  say(`${announced}, into ${folder}`);
  return inDirectory(folder, async () => {
    let opened: OpenVariant | null = null;
    try {
      opened = await openBaseline(baseline, before, say, context.signal);
      const against = baseline.kind === 'git' ? `git:${baseline.commit.hash}` : flags.against;
      const runs: PairedRuns = {
        folder,
        pairs,
        variants: { before: opened, after },
        reproduce: `${reproduceCommand(resolved)} --against ${against} --pairs ${pairs}`,
      };
      say(`before: ${opened.label}; after: ${after.label}`);
      const complete = await recordPairs(runs, flags, context, parts, say);
      return await compareRecorded(runs, complete, flags, context);
    } catch (error) {
      if (!context.signal.aborted) throw error;
      return { exitCode: 130, verdict: 'inconclusive', directory: folder };
    } finally {
      await opened?.close();
    }
  });
}

/** What the version under test is called beside this baseline. */
function afterLabel(baseline: Baseline, { faults, target }: ResolvedRun): string {
  if (target.kind === 'command') return commandLabel(target.command);
  return labelOf(baseline.kind === 'git' ? `leak-soak ${VERSION}` : '', faults);
}

/** Carries the runs out one after another; says how many pairs are complete. */
async function recordPairs(
  { folder, pairs, variants, reproduce }: PairedRuns,
  flags: RunFlags,
  context: CommandContext,
  parts: RunParts,
  say: (text: string) => void,
): Promise<number> {
  const order = pairOrder(pairs);
  for (const [place, { pair, side }] of order.entries()) {
    const { label, run } = variants[side];
    const which = `run ${place + 1} of ${order.length}: pair ${pair}, ${side} (${label})`;
    say(which);
    const own = makeRunFolder(pairFolder(folder, pair, side), false);
    const { exitCode, findings } = await parts.record(own, run, reproduce, flags, context);
    if (exitCode === 130) return Math.floor(place / 2);
    if (exitCode === 3) {
      const why = findings[0]?.message ?? 'no reason is known';
      throw couldNotRun(`${which} could not be carried out: ${why}; see ${own}`);
    }
  }
  return pairs;
}

/** Compares what is on disk, as `leak-soak compare` would, and writes `comparison.json`. */
async function compareRecorded(
  { folder, variants, reproduce }: PairedRuns,
  complete: number,
  flags: RunFlags,
  context: CommandContext,
): Promise<CommandOutcome> {
  if (complete === 0) context.signal.throwIfAborted();
  const folders = Array.from({ length: complete }, (_, i) => ({
    before: pairFolder(folder, i + 1, 'before'),
    after: pairFolder(folder, i + 1, 'after'),
  }));
  const compared = requireCompared(comparePairs(await readPairs(folders)));
  const version = (side: keyof Pair<unknown>) => ({
    label: variants[side].label,
    runs: folders.map((pair) => basename(pair[side])),
  });
  const report: ComparisonReport = {
    schemaVersion: 1,
    scenario: variants.after.run.scenario.name,
    ...compared,
    exitCode: context.signal.aborted ? 130 : compared.exitCode,
    before: version('before'),
    after: version('after'),
    reproduce,
  };
  replaceFile(join(folder, COMPARISON_FILE), resultJson(report));
  if (flags.json === true) context.stdout.write(resultJson(report));
  else printComparison(compared, { before: report.before.label, after: report.after.label }, context);
  return { exitCode: report.exitCode, verdict: COMPARISON_VERDICTS[report.outcome], directory: folder };
}

function makePairsFolder(flags: RunFlags, { scenario }: ResolvedRun): string {
  if (flags.out === undefined) return makeDefaultRunFolder(`${scenario.name}-against`, new Date());
  const folder = makeRunFolder(flags.out, flags.force === true);
  removePairFolders(folder);
  return folder;
}
