import { type Command, Option } from 'commander';
import type { Budget, Ceiling } from '../../core/budget.js';
import { usageError } from '../../core/errors.js';
import { type DurationRange, parseDuration } from '../../core/units.js';
import { SNAPSHOTS_WHEN, type SnapshotsWhen } from '../../run/attribution/snapshot-plan.js';
import { LENGTHS, type Length } from '../../run/lengths.js';
import { RUN_DEFAULTS, RUN_LIMITS } from '../../run/run-options.js';
import type { AgainstFlags } from '../against/against-flags.js';
import { collect } from '../collect.js';
import { addGaugeFlags, type GaugeFlags } from '../gauge-flags.js';
import type { BaselineFlags } from '../known-leaks/baseline-flags.js';
import { maxGrowthOption, maxOption } from '../limit-flags.js';
import { addLoadFlags, type LoadFlags } from './load-flags.js';
import { addTargetFlags, type TargetFlags } from './target-flags.js';

/** The flags of `run` as commander hands them over. */
export interface RunFlags extends TargetFlags, LoadFlags, GaugeFlags, AgainstFlags, BaselineFlags {
  readonly scenario?: string;
  readonly fault: readonly string[];
  readonly variant?: 'before' | 'after';
  readonly length?: Length;
  readonly duration?: number;
  readonly warmUp?: number | 'auto';
  readonly drain?: number;
  readonly cycles?: number;
  readonly maxDuration?: number;
  readonly deadline?: number;
  readonly cleanupPeriod?: number;
  readonly failFast?: boolean;
  readonly rate?: number;
  readonly zone?: string;
  readonly sampleEvery?: number;
  readonly seed?: number;
  readonly maxGrowth: readonly Budget[];
  readonly max: readonly Ceiling[];
  readonly forceGc: boolean;
  readonly sampler?: 'proc' | 'pidusage';
  readonly confirmAllocator?: boolean;
  readonly heapSnapshots?: SnapshotsWhen;
  readonly stripStrings?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Declares the flags; help texts and defaults come from the constants that the run itself uses. */
export function addRunFlags(command: Command): Command {
  const described = command.option(
    '--scenario <name|file>',
    'what to do to the target (default: http with --http, own-load with --load-command): leak-soak list scenarios, or a file of yours',
  );
  return addGaugeFlags(addLoadFlags(addTargetFlags(described)))
    .option(
      '--fault <id>',
      'seed this leak into the built-in node (repeatable); leak-soak list faults',
      collect,
      [],
    )
    .addOption(
      new Option('--variant <which>', 'before: every fault the scenario exposes; after: none').choices([
        'before',
        'after',
      ]),
    )
    .addOption(
      new Option(
        '--length <which>',
        'quick: 28 s at 4 Hz with coarse budgets, for a matrix; nightly: the long form of the scenario',
      ).choices(LENGTHS),
    )
    .option('--duration <time>', "from ready to the end of the drain (default: the scenario's)", durationFlag)
    .option(
      '--warm-up <time|auto>',
      'not judged; auto: until levels settle and caches are full (default: 20 % of the duration, 8 s to 2 min)',
      warmUpFlag,
    )
    .option(
      '--drain <time>',
      'load off, work in flight ends (default: 7.5 % of the duration, 3 s to 30 s)',
      drainFlag,
    )
    .option('--rate <n>', "operations per second that the load offers (default: the scenario's)", rateFlag)
    .option('--zone <name>', "zone under which names are made (default: the scenario's)")
    .option(
      '--cycles <n>',
      'times that steady load is followed by a drain (default: 1 below 2 min, else 4)',
      cyclesFlag,
    )
    .option(
      '--max-duration <time>',
      'an inconclusive run goes on up to this long (default: twice the duration)',
      maxDurationFlag,
    )
    .option(
      '--deadline <time>',
      'the whole command takes no longer than this, extensions included',
      deadlineFlag,
    )
    .option(
      '--cleanup-period <time>',
      'the target clears up this often: at least three are watched',
      cleanupFlag,
    )
    .option('--fail-fast', 'stop early when three looks in a row are nearly certain of a leak')
    .option(
      '--sample-every <time>',
      `time between samples (default: ${RUN_DEFAULTS.sampleEveryMs / 1000}s)`,
      sampleEveryFlag,
    )
    .option('--seed <n>', `everything random follows from it (default: ${RUN_DEFAULTS.seed})`, seedFlag)
    .addOption(maxGrowthOption())
    .addOption(
      maxOption(
        'end the run, as a fail, when a metric exceeds this, e.g. rss=500MiB (default: rss at 80 % of the memory available)',
      ),
    )
    .option('--no-force-gc', 'never force a collection in the target; live heap is then not read')
    .addOption(new Option('--sampler <how>', 'how processes are read').choices(['proc', 'pidusage']))
    .option(
      '--confirm-allocator',
      'repeat a run that fails on native memory with two arenas: a leak, or fragmentation?',
    )
    .addOption(
      new Option(
        '--heap-snapshots <when>',
        'take three heap snapshots of a Node target after the judged window and name what grows (default: on-fail)',
      ).choices(SNAPSHOTS_WHEN),
    )
    .option(
      '--strip-strings',
      'leave the contents of strings out of the snapshots that are kept (default where CI is set)',
    )
    .option('--no-strip-strings', 'keep them')
    .option('--out <dir>', 'directory of the run (default: soak-results/<scenario>-<time>)')
    .option('--force', 'replace the files of an earlier run in --out')
    .option('--json', 'print the verdict as JSON on stdout')
    .option('--quiet', 'no progress on stderr');
}

function durationFlag(text: string): number {
  return parseDuration(text, range('--duration', RUN_LIMITS.durationMs));
}

function sampleEveryFlag(text: string): number {
  return parseDuration(text, range('--sample-every', RUN_LIMITS.sampleEveryMs));
}

function warmUpFlag(text: string): number | 'auto' {
  if (text === 'auto') return 'auto';
  return parseDuration(text, range('--warm-up', { min: 0, max: RUN_LIMITS.durationMs.max }));
}

function maxDurationFlag(text: string): number {
  return parseDuration(text, range('--max-duration', RUN_LIMITS.durationMs));
}

function deadlineFlag(text: string): number {
  return parseDuration(text, range('--deadline', RUN_LIMITS.durationMs));
}

function cleanupFlag(text: string): number {
  return parseDuration(text, range('--cleanup-period', { min: 1, max: RUN_LIMITS.durationMs.max }));
}

function cyclesFlag(text: string): number {
  const cycles = Number(text);
  const { min, max } = RUN_LIMITS.cycles;
  if (/^\d+$/.test(text) && cycles >= min && cycles <= max) return cycles;
  throw usageError(
    `--cycles "${text}" is not a number of cycles: give a whole number between ${min} and ${max}`,
  );
}

function drainFlag(text: string): number {
  return parseDuration(text, range('--drain', { min: 0, max: RUN_LIMITS.durationMs.max }));
}

function range(name: string, { min, max }: { min: number; max: number }): DurationRange {
  return { name, minMs: min, maxMs: max };
}

function rateFlag(text: string): number {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text.trim())?.[1]);
  const { min, max } = RUN_LIMITS.ratePerSec;
  if (rate >= min && rate <= max) return rate;
  throw usageError(
    `--rate "${text}" is not a rate: give a number of operations per second between ${min} and ${max}`,
  );
}

function seedFlag(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 0xffffffff) return seed;
  throw usageError(`--seed "${text}" is not a seed: give a whole number between 0 and 4294967295`);
}

/** Adds one more ceiling. */
