import { join } from 'node:path';
import { ladderSummary, rungLine } from '../../../../reports/ladder-text.js';
import { type Rung, type RungResult, rungName } from '../../../core/rung.js';
import type { CommandContext } from '../../context.js';
import { inLanes } from '../lanes.js';
import { runRung } from './run-rung.js';

/** Runs the rungs, each below `folder`, and prints them; the results in the order of the leaks, the smallest rate first. */
export async function runLadder(
  rungs: readonly Rung[],
  folder: string,
  flags: { readonly lanes?: number; readonly json?: boolean },
  context: CommandContext,
): Promise<readonly RungResult[]> {
  const results: RungResult[] = [];
  await inLanes(rungs, flags.lanes, async (rung) => {
    const result = await runRung(rung, join(folder, rungName(rung).replace('/', '-')), context.signal);
    results.push(result);
    if (flags.json !== true) context.stdout.write(rungLine(result));
  });
  const leaks = [...new Set(rungs.map(({ leak }) => leak))];
  results.sort(
    ({ rung: a }, { rung: b }) => leaks.indexOf(a.leak) - leaks.indexOf(b.leak) || a.share - b.share,
  );
  context.stdout.write(
    flags.json === true ? `${JSON.stringify(results, null, 2)}\n` : `\n${ladderSummary(results)}`,
  );
  return results;
}
