import { parseArgs } from 'node:util';
import { FAMILY_NAMES, type FamilyName, familyGroup, isFamilyName } from './generate.js';

/** One length of run and its sampling. */
export interface Duration {
  readonly sec: number;
  readonly hz: number;
}

export const STUDIES = ['looks', 'hints', 'policy', 'boundary', 'efficiency', 'faults', 'cost'] as const;
export type Study = (typeof STUDIES)[number];

export interface BenchOptions {
  readonly study: Study;
  readonly seeds: readonly number[];
  readonly durations: readonly Duration[];
  readonly families: readonly FamilyName[];
}

/** A minute to an hour at 1 Hz, and a day and a half at 0.1 Hz. */
const DEFAULT_DURATIONS = '60,120,300,600,3600,126000';

export const USAGE = `Judges generated traces of known growth and counts what the verdicts got wrong.

  npm run bench:verdict -- [study] [options]

Studies (default: one look at the end of each trace)
  --hints        one look, with the warm-up or clean-up period declared where a trace has one; else extended to 4 T
  --policy       extended to 4 T while inconclusive, fails confirmed by an adjacent look
  --boundary     traces that grow exactly at their budget: error rates and coverage of the interval
  --efficiency   smallest detectable excess against the Cramér–Rao limit (noise paths: --count)
  --faults       clean and leaking traces with sampler faults
  --cost         milliseconds per verdict and memory

Options
  --first N      first seed; below 100000 for development (default 2000)
  --count N      seeds per family, duration and class (default 5; efficiency: paths, 400)
  --durations L  seconds, comma-separated (default ${DEFAULT_DURATIONS}; from 36000 on at 0.1 Hz)
  --families L   names or groups (main, ood, wide, hard), comma-separated (default all)`;

/** The options of `npm run bench:verdict`; null when help was asked for. */
export function parseBenchArguments(args: readonly string[]): BenchOptions | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      first: { ...text, default: '2000' },
      count: text,
      durations: { ...text, default: DEFAULT_DURATIONS },
      families: { ...text, default: 'main,ood,wide,hard' },
      help: flag,
      hints: flag,
      policy: flag,
      boundary: flag,
      efficiency: flag,
      faults: flag,
      cost: flag,
    },
  });
  if (values.help) return null;
  const flags: Readonly<Record<string, unknown>> = values;
  const study = STUDIES.find((name) => flags[name] === true) ?? 'looks';
  const count = parseCount('--count', values.count ?? (study === 'efficiency' ? '400' : '5'));
  const first = parseCount('--first', values.first);
  return {
    study,
    seeds: Array.from({ length: count }, (_, i) => first + i),
    durations: values.durations.split(',').map((item) => {
      const sec = parseCount('--durations', item);
      return { sec, hz: sec >= 36_000 ? 0.1 : 1 };
    }),
    families: values.families.split(',').flatMap(parseFamilies),
  };
}

function parseCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`${name} takes positive integers, not ${text}`);
  return count;
}

function parseFamilies(item: string): readonly FamilyName[] {
  if (isFamilyName(item)) return [item];
  const members = FAMILY_NAMES.filter((family) => familyGroup(family) === item);
  if (members.length === 0) throw new RangeError(`--families: ${item} is neither a family nor a group`);
  return members;
}
