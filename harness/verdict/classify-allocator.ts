import type { GrowthClass } from '../core/growth-class.js';
import { formatGrowthWithInterval } from '../core/units.js';
import type { MetricVerdict, RunVerdict } from '../core/verdict.js';
import { metricLabel } from './metric-label.js';

/** Part of the first run's growth that may be left in the second for it to count as gone, intervals included. */
const LEFT_WHEN_GONE = 0.25;

/** How the second run is set up, as people would type it. */
export const FEW_ARENAS = 'MALLOC_ARENA_MAX=2';

const ADVICE = {
  fragmentation: `run the target with ${FEW_ARENAS} or with jemalloc: no code keeps this memory, glibc's arenas do, and the process still outgrows its budget`,
  native:
    'fewer arenas change nothing, so native code keeps it: look with heaptrack or valgrind --tool=massif',
  undecided: 'repeat both with a longer --duration, or look at native code with heaptrack',
} as const;

/** Whether a run failed on memory that a second one with few arenas may explain. */
export function needsConfirmation({ verdict, classes }: RunVerdict): boolean {
  return verdict === 'fail' && classes.some(isUnexplained);
}

/**
 * The first run's verdict with its class of memory named by the second, which was given two arenas: fragmentation
 * when the growth is gone (at most a quarter is left), native when it failed again, unchanged when it cannot tell.
 *
 * Outcome and exit code stay: memory that the allocator keeps ends a process as surely as a leak does. Who means to
 * run with few arenas sets them for the run as well, and then it passes.
 */
export function classifyAllocator(first: RunVerdict, second: RunVerdict): RunVerdict {
  return {
    ...first,
    classes: first.classes.map((found) => (isUnexplained(found) ? explained(found, first, second) : found)),
  };
}

function isUnexplained({ kind }: GrowthClass): boolean {
  return kind === 'native-or-fragmentation';
}

function explained(found: GrowthClass, first: RunVerdict, second: RunVerdict): GrowthClass {
  const before = judgedIn(first, found);
  const after = judgedIn(second, found);
  if (second.verdict === 'error' || second.verdict === 'invalid' || before === null || after === null) {
    return {
      ...found,
      evidence: `a second run with ${FEW_ARENAS} could not be judged`,
      advice: ADVICE.undecided,
    };
  }
  const subject = metricLabel(before.metric).name;
  const evidence = `with ${FEW_ARENAS} ${subject} grew ${growthOf(after)} instead of ${growthOf(before)}`;
  const kind = isGone(before, after) ? 'fragmentation' : after.verdict === 'fail' ? 'native' : null;
  return kind === null
    ? { ...found, evidence: `${evidence}, which does not tell them apart`, advice: ADVICE.undecided }
    : { ...found, kind, evidence, advice: ADVICE[kind] };
}

type Measured = MetricVerdict & { readonly growthPerMin: number; readonly halfWidthPerMin: number };

function judgedIn({ metrics }: RunVerdict, { metrics: names }: GrowthClass): Measured | null {
  const judged = metrics.find(({ metric }) => metric === names[0]);
  return judged !== undefined && isMeasured(judged) ? judged : null;
}

function isMeasured(judged: MetricVerdict): judged is Measured {
  return judged.growthPerMin !== null && judged.halfWidthPerMin !== null;
}

function isGone(before: Measured, after: Measured): boolean {
  const most = after.growthPerMin + after.halfWidthPerMin;
  const least = before.growthPerMin - before.halfWidthPerMin;
  return after.verdict === 'pass' || most <= LEFT_WHEN_GONE * least;
}

function growthOf({ growthPerMin, halfWidthPerMin, unit }: Measured): string {
  return formatGrowthWithInterval(growthPerMin, halfWidthPerMin, unit);
}
