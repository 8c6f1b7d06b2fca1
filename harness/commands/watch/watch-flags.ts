import { type Command, Option } from 'commander';
import type { Budget, Ceiling } from '../../core/budget.js';
import { usageError } from '../../core/errors.js';
import { parseDuration } from '../../core/units.js';
import { checkAttachable } from '../../process/attached-process.js';
import { findByName } from '../../process/find-by-name.js';
import { checkInspectable } from '../../process/open-inspector.js';
import { RUN_LIMITS } from '../../run/run-options.js';
import type { AttachedTarget } from '../../run/target-spec.js';
import { addGaugeFlags, type GaugeFlags } from '../gauge-flags.js';
import { maxGrowthOption, maxOption } from '../limit-flags.js';
import { pidFlag } from '../run/target-flags.js';

/** The flags of `watch` as commander hands them over. */
export interface WatchFlags extends GaugeFlags {
  readonly pid?: number;
  readonly name?: string;
  readonly allowInspect?: boolean;
  readonly every?: number;
  readonly duration?: number;
  readonly warmUp?: number;
  readonly cleanupPeriod?: number;
  readonly maxGrowth: readonly Budget[];
  readonly max: readonly Ceiling[];
  readonly sampler?: 'proc' | 'pidusage';
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Declares the flags. */
export function addWatchFlags(command: Command): Command {
  const target = command
    .option('--pid <n>', 'watch this process and its children', pidFlag)
    .option('--name <name>', 'watch the process whose program, or script behind node, has this name')
    .option(
      '--allow-inspect',
      'read the heap of a Node process through its inspector, switched on by SIGUSR1; forces collections',
    );
  return addGaugeFlags(target)
    .option(
      '--every <time>',
      'time between samples (default: 30s, with --duration 1/60 of it, at least 1s)',
      within('--every', RUN_LIMITS.sampleEveryMs),
    )
    .option(
      '--duration <time>',
      'how long to watch (default: until Ctrl-C)',
      within('--duration', RUN_LIMITS.durationMs),
    )
    .option(
      '--warm-up <time>',
      'not judged (default: 0s)',
      within('--warm-up', { min: 0, max: RUN_LIMITS.durationMs.max }),
    )
    .option(
      '--cleanup-period <time>',
      'the target clears up this often: fewer than three of them decide nothing',
      within('--cleanup-period', { min: 1, max: RUN_LIMITS.durationMs.max }),
    )
    .addOption(maxGrowthOption())
    .addOption(maxOption('end, as a fail, when a metric exceeds this, e.g. rss=500MiB'))
    .addOption(new Option('--sampler <how>', 'how processes are read').choices(['proc', 'pidusage']))
    .option('--out <dir>', 'directory of the recording (default: soak-results/watch-<time>)')
    .option('--force', 'replace the files of an earlier run in --out')
    .option('--json', 'print the verdict as JSON on stdout')
    .option('--quiet', 'no progress on stderr');
}

/** The process that is to be watched. Throws `usage` where that is none, or not clear. */
export function watchedProcess({ pid, name, allowInspect = false }: WatchFlags): AttachedTarget {
  if ((pid === undefined) === (name === undefined)) {
    throw usageError(
      pid === undefined
        ? 'nothing to watch: name a process with --pid N or --name NAME'
        : '--pid and --name exclude each other: give one of them',
    );
  }
  const found = pid ?? findByName(name ?? '');
  const { command } = checkAttachable(found);
  if (allowInspect) checkInspectable(found);
  return { kind: 'attached', pid: found, command, allowInspect, addresses: {} };
}

function within(name: string, { min, max }: { min: number; max: number }): (text: string) => number {
  return (text) => parseDuration(text, { name, minMs: min, maxMs: max });
}
