import type { Command } from 'commander';
import { watch } from '../../../scenarios/watch.js';
import { formatDuration } from '../../core/units.js';
import type { RunVerdict } from '../../core/verdict.js';
import { resolveWatch } from '../../run/resolve-watch.js';
import type { ResolvedRun } from '../../run/run-options.js';
import { runScenario } from '../../run/run-scenario.js';
import type { AttachedTarget } from '../../run/target-spec.js';
import type { CommandContext } from '../context.js';
import { type Shown, shownSinks, startDisplay } from '../display.js';
import { openRunDirectory } from '../files/run-directory.js';
import { makeDefaultRunFolder, makeRunFolder } from '../files/run-folder.js';
import { gaugeOptions } from '../gauge-flags.js';
import { type CommandOutcome, inDirectory } from '../outcome.js';
import { printVerdict } from '../print-verdict.js';
import { flagTime, gaugeWords, limitWords, quote } from '../run/reproduce.js';
import { VERSION } from '../version.js';
import { addWatchFlags, type WatchFlags, watchedProcess } from './watch-flags.js';

const HELP = `
Ctrl-C ends the watch in good order: what was recorded is judged, and the exit code is the verdict's. It is judged as
well when the process goes away (exit 3, or 1 when it had outgrown its budgets by then).
Example: leak-soak watch --name nginx --every 10s --max-growth rss=200KiB/min`;

/** `leak-soak watch`: a process that is driven elsewhere, sampled and judged. */
export function addWatchCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  const command = program
    .command('watch')
    .description('sample a process that is driven elsewhere, and judge its growth at the end')
    .addHelpText('after', HELP);
  addWatchFlags(command).action(async (flags: WatchFlags) => {
    const run = resolveFlags(flags, watchedProcess(flags));
    const folder =
      flags.out === undefined
        ? makeDefaultRunFolder('watch', new Date())
        : makeRunFolder(flags.out, flags.force === true);
    done(await inDirectory(folder, () => watchInto(folder, run, flags, context)));
  });
}

async function watchInto(
  folder: string,
  run: ResolvedRun,
  flags: WatchFlags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const verdict = await record(folder, run, flags, context);
  printVerdict(verdict, folder, flags.json === true, context);
  return { exitCode: verdict.exitCode, verdict: verdict.verdict, directory: folder };
}

async function record(
  folder: string,
  run: ResolvedRun,
  flags: WatchFlags,
  context: CommandContext,
): Promise<RunVerdict> {
  const directory = openRunDirectory(folder);
  const display = startDisplay(shownOf(run, folder, flags), context, flags.quiet === true);
  try {
    const verdict = await runScenario(
      run,
      {
        sinks: shownSinks(directory.sinks, display),
        version: VERSION,
        reproduce: repeatCommand(run, flags),
        until: context.signal,
      },
      // The first Ctrl-C is the ordinary end; a second one ends the process wherever it is.
      new AbortController().signal,
    );
    directory.writeVerdict(verdict);
    return verdict;
  } finally {
    display.stop();
    directory.close();
  }
}

function resolveFlags(flags: WatchFlags, target: AttachedTarget): ResolvedRun {
  return resolveWatch(watch, target, {
    durationMs: flags.duration,
    warmUpMs: flags.warmUp,
    everyMs: flags.every,
    cleanupPeriodMs: flags.cleanupPeriod,
    budgets: flags.maxGrowth,
    ceilings: flags.max,
    sampler: flags.sampler,
    ...gaugeOptions(flags),
  });
}

function shownOf({ plan, target }: ResolvedRun, folder: string, { duration }: WatchFlags): Shown {
  const { pid, command } = target as AttachedTarget;
  const end = duration === undefined ? 'until Ctrl-C' : `for ${formatDuration(plan.durationMs)}`;
  const heading = `leak-soak: watching process ${pid} (${command
    .join(' ')
    .slice(0, 60)
    .replace(/\p{Cc}/gu, '?')}) ${end}, a sample every ${formatDuration(plan.sampleEveryMs)}, into ${folder}`;
  return { heading, hasLoad: false, hasEnd: duration !== undefined };
}

/** The command that watches the same process again, by its name where that was how it was found. */
function repeatCommand({ plan, target }: ResolvedRun, flags: WatchFlags): string {
  const { name, duration, allowInspect } = flags;
  return [
    'leak-soak watch',
    name === undefined ? `--pid ${(target as AttachedTarget).pid}` : `--name ${quote(name)}`,
    ...(allowInspect === true ? ['--allow-inspect'] : []),
    `--every ${flagTime(plan.sampleEveryMs)}`,
    ...(duration === undefined ? [] : [`--duration ${flagTime(plan.durationMs)}`]),
    ...(plan.warmUpMs === 0 ? [] : [`--warm-up ${flagTime(plan.warmUpMs)}`]),
    ...(plan.cleanupPeriodMs === null ? [] : [`--cleanup-period ${flagTime(plan.cleanupPeriodMs)}`]),
    ...limitWords(plan),
    ...gaugeWords(plan.gauges),
  ].join(' ');
}
