import type { Outcome } from '../../../harness/stats/assessment.js';
import { prepare } from '../../../harness/stats/prepare/prepare.js';
import type { BenchOptions } from '../arguments.js';
import { BASELINES } from '../baselines/detectors.js';
import { assessTrace, readingsOf } from '../engine.js';
import { type FamilyName, familyGroup, generateTrace, type Trace } from '../generate.js';
import { type Judged, scoreOf } from '../scores.js';
import { formatScores } from '../table.js';

const GROUPS = ['main', 'ood', 'wide', 'hard'] as const;

/** One judged trace and what it was. */
export interface JudgedTrace extends Judged {
  readonly family: FamilyName;
  readonly durationSec: number;
}

/** Every trace of a benchmark grid, clean and leaking. */
export function* traces(
  options: BenchOptions,
): Generator<{ family: FamilyName; durationSec: number; trace: Trace }> {
  for (const family of options.families) {
    for (const { sec: durationSec, hz } of options.durations) {
      for (const leak of [false, true]) {
        for (const seed of options.seeds) {
          yield { family, durationSec, trace: generateTrace({ family, durationSec, hz, seed, leak }) };
        }
      }
    }
  }
}

/** One look at the end of each trace: engine by family, group and duration, and the baselines by group. */
export function studyLooks(options: BenchOptions): string {
  const engine: JudgedTrace[] = [];
  const others = new Map<string, JudgedTrace[]>(Object.keys(BASELINES).map((name) => [name, []]));
  for (const { family, durationSec, trace } of traces(options)) {
    const add = (to: JudgedTrace[] | undefined, outcome: Outcome): void => {
      to?.push({ family, durationSec, label: trace.label, outcome });
    };
    add(engine, assessTrace(trace).outcome);
    const { levels } = prepare(readingsOf(trace), Number.NEGATIVE_INFINITY);
    const rate = trace.budgetPerMin / trace.resolution / 60_000;
    for (const [name, baseline] of Object.entries(BASELINES)) add(others.get(name), baseline(levels, rate));
  }
  const detectors: readonly (readonly [string, readonly JudgedTrace[]])[] = [['engine', engine], ...others];
  const groups = GROUPS.filter((group) => options.families.some((family) => familyGroup(family) === group));
  return [
    byFamily(engine, options),
    byDuration(engine, options),
    ...groups.map((group) =>
      formatScores(
        group,
        detectors.map(([name, all]) => [
          name,
          scoreOf(all.filter((one) => familyGroup(one.family) === group)),
        ]),
      ),
    ),
  ].join('\n\n');
}

export function byFamily(judged: readonly JudgedTrace[], { families }: BenchOptions): string {
  return formatScores(
    'family',
    families.map((family) => [family, scoreOf(judged.filter((one) => one.family === family))]),
  );
}

function byDuration(judged: readonly JudgedTrace[], { durations }: BenchOptions): string {
  const decidable = judged.filter(({ family }) => familyGroup(family) !== 'hard');
  return formatScores(
    'duration',
    durations.map(({ sec }) => [
      `${sec} s`,
      scoreOf(decidable.filter(({ durationSec }) => durationSec === sec)),
    ]),
  );
}

export function byGroup(judged: readonly JudgedTrace[]): string {
  return formatScores(
    'group',
    GROUPS.map((group) => [group, scoreOf(judged.filter(({ family }) => familyGroup(family) === group))]),
  );
}
