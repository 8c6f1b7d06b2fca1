import type { BenchOptions } from '../arguments.js';
import { assessTrace } from '../engine.js';
import { type FamilyName, familyGroup, generateTrace } from '../generate.js';
import { formatTable, percent } from '../table.js';

/** Families whose truth is not the drawn slope. */
const OTHER_TRUTH: readonly FamilyName[] = ['log', 'ood_power', 'cycles'];

/** Traces whose truth is exactly the budget: how often they fail and pass, and how often the interval holds it. */
export function studyBoundary(options: BenchOptions): string {
  const families = options.families.filter(
    (family) => familyGroup(family) === 'main' && !OTHER_TRUTH.includes(family),
  );
  const header = ['family', 'traces', 'fails', 'passes', 'interval holds truth', 'mean bias'];
  const rows: string[][] = [];
  const total = { traces: 0, fails: 0, passes: 0, covers: 0, bias: 0 };
  for (const family of families) {
    const own = boundaryOf(family, options);
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += own[key];
    rows.push(rowOf(family, own));
  }
  return formatTable([header, ...rows, rowOf('all', total)]);
}

interface Counts {
  readonly traces: number;
  readonly fails: number;
  readonly passes: number;
  readonly covers: number;
  readonly bias: number;
}

function boundaryOf(family: FamilyName, { durations, seeds }: BenchOptions): Counts {
  const counts = { traces: 0, fails: 0, passes: 0, covers: 0, bias: 0 };
  for (const { sec: durationSec, hz } of durations) {
    for (const seed of seeds) {
      const trace = generateTrace({ family, durationSec, hz, seed, leak: true, multiple: 1 });
      const found = assessTrace(trace);
      if (found.state === 'unmeasured') continue;
      const miss = (found.growthPerMin - trace.budgetPerMin) / trace.budgetPerMin;
      counts.traces++;
      if (found.outcome === 'fail') counts.fails++;
      if (found.outcome === 'pass') counts.passes++;
      if (Math.abs(miss) * trace.budgetPerMin <= found.halfWidthPerMin) counts.covers++;
      counts.bias += miss;
    }
  }
  return counts;
}

function rowOf(name: string, { traces, fails, passes, covers, bias }: Counts): string[] {
  const share = (count: number): string => percent(count / traces);
  return [name, String(traces), share(fails), share(passes), share(covers), share(bias)];
}
