import type { Command } from 'commander';
import { SCENARIOS } from '../../scenarios/index.js';
import { usageError } from '../core/errors.js';
import { closestFirst } from '../core/units.js';
import { readFaultCatalogue } from '../process/fault-catalogue.js';
import { type ResolvedRun, resolveRun } from '../run/run-options.js';
import { runScenario } from '../run/run-scenario.js';
import type { Scenario } from '../run/scenario.js';
import type { CommandContext } from './context.js';
import { startDisplay } from './display.js';
import type { CommandOutcome } from './outcome.js';
import { printVerdict } from './print-verdict.js';
import { reproduceCommand } from './reproduce.js';
import { createRunDirectory, defaultRunDirectory } from './run-directory.js';
import { addRunFlags, type RunFlags } from './run-flags.js';
import { VERSION } from './version.js';

/** `leak-soak run`: the main job. */
export function addRunCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  addRunFlags(
    program.command('run').description('launch a target, drive it, sample it and judge its growth'),
  ).action(async (flags: RunFlags) => done(await run(flags, context)));
}

async function run(flags: RunFlags, context: CommandContext): Promise<CommandOutcome> {
  const resolved = await resolveFlags(flags);
  const folder = flags.out ?? defaultRunDirectory(resolved.scenario.name, new Date());
  const directory = createRunDirectory(folder, flags.force === true);
  const display = startDisplay(resolved, directory.path, context, flags.quiet === true);
  const { sinks } = directory;
  try {
    const verdict = await runScenario(
      resolved,
      {
        sinks: {
          ...sinks,
          sample: (row) => {
            sinks.sample(row);
            display.sample(row);
          },
          progress: display.progress,
        },
        version: VERSION,
        reproduce: reproduceCommand(resolved),
      },
      context.signal,
    );
    display.stop();
    directory.writeVerdict(verdict);
    printVerdict(verdict, directory.path, flags.json === true, context);
    return { exitCode: verdict.exitCode, verdict: verdict.verdict, directory: directory.path };
  } finally {
    display.stop();
    directory.close();
  }
}

async function resolveFlags(flags: RunFlags): Promise<ResolvedRun> {
  const scenario = findScenario(flags.scenario);
  if (flags.variant !== undefined && flags.fault.length > 0) {
    throw usageError(
      '--fault and --variant exclude each other: --variant before is every fault of the scenario',
    );
  }
  const faults = flags.variant === 'before' ? scenario.exposes : flags.fault;
  const options = {
    durationMs: flags.duration,
    warmUpMs: flags.warmUp,
    drainMs: flags.drain,
    ratePerSec: flags.rate,
    zone: flags.zone,
    sampleEveryMs: flags.sampleEvery,
    seed: flags.seed,
    forceGc: flags.forceGc,
    sampler: flags.sampler,
    faults: [...new Set(faults)],
    budgets: flags.maxGrowth,
  };
  return resolveRun(scenario, options, await readFaultCatalogue());
}

function findScenario(name: string): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const names = closestFirst(
    name,
    SCENARIOS.map((candidate) => candidate.name),
  );
  throw usageError(`unknown scenario '${name}': one of ${names.join(', ')} (leak-soak list scenarios)`);
}
