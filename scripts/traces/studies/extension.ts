import type { AssessOptions } from '../../../harness/stats/assessment.js';
import type { BenchOptions } from '../arguments.js';
import { assessTrace, runExtended } from '../engine.js';
import { type FamilyName, generateTrace, type TraceOptions } from '../generate.js';
import { byFamily, byGroup, type JudgedTrace } from './looks.js';

/** Runs are extended to this many durations. */
const LIMIT = 4;

/** Their schedule or truth changes with the length of the run, so an extended trace is another trace. */
const NOT_EXTENDABLE: readonly FamilyName[] = ['load_stop', 'cycles', 'log', 'ood_power'];

/** Runs extended to 4 T while inconclusive, fails confirmed; with the mean time to the verdict. */
export function studyPolicy(options: BenchOptions): string {
  const families = options.families.filter((family) => !NOT_EXTENDABLE.includes(family));
  const judged: JudgedTrace[] = [];
  const time = { leak: [0, 0], ok: [0, 0], grey: [0, 0] };
  for (const run of runs({ ...options, families })) {
    const { outcome, durations, trace } = runExtended(run, LIMIT);
    judged.push({ family: run.family, durationSec: run.durationSec, label: trace.label, outcome });
    const [sum = 0, count = 0] = time[trace.label];
    time[trace.label] = [sum + durations, count + 1];
  }
  const mean = (label: 'leak' | 'ok'): string => ((time[label][0] ?? 0) / (time[label][1] || 1)).toFixed(2);
  return [
    byFamily(judged, { ...options, families }),
    byGroup(judged),
    `mean time to the verdict: ${mean('leak')} T on leaks, ${mean('ok')} T on clean runs`,
  ].join('\n\n');
}

/** One look with what the owner could declare; traces without anything to declare are extended instead. */
export function studyHints(options: BenchOptions): string {
  const judged: JudgedTrace[] = [];
  for (const run of runs(options)) {
    const trace = generateTrace(run);
    const hints: AssessOptions = {
      ...(trace.warmUpMs === null ? {} : { warmUpEndMs: trace.warmUpMs }),
      ...(trace.cleanupPeriodMs === null ? {} : { cleanupPeriodMs: trace.cleanupPeriodMs }),
    };
    const hinted = Object.keys(hints).length > 0 || NOT_EXTENDABLE.includes(run.family);
    const outcome = hinted ? assessTrace(trace, hints).outcome : runExtended(run, LIMIT).outcome;
    judged.push({ family: run.family, durationSec: run.durationSec, label: trace.label, outcome });
  }
  return [byFamily(judged, options), byGroup(judged)].join('\n\n');
}

function* runs(options: BenchOptions): Generator<TraceOptions> {
  for (const family of options.families) {
    for (const { sec: durationSec, hz } of options.durations) {
      for (const leak of [false, true]) {
        for (const seed of options.seeds) yield { family, durationSec, hz, seed, leak };
      }
    }
  }
}
