import type { Command } from 'commander';
import { SCENARIOS } from '../../../scenarios/index.js';
import { usageError } from '../../core/errors.js';
import { closestFirst } from '../../core/units.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { readFaultCatalogue } from '../../process/fault-catalogue.js';
import { readScenario } from '../../run/read-scenario.js';
import { type ResolvedRun, resolveRun } from '../../run/run-options.js';
import { runScenario } from '../../run/run-scenario.js';
import type { Scenario } from '../../run/scenario.js';
import { addAgainstFlags, isAgainst } from '../against/against-flags.js';
import { runAgainst } from '../against/run-against.js';
import type { CommandContext } from '../context.js';
import { shownOfRun, shownSinks, startDisplay } from '../display.js';
import { openRunDirectory } from '../files/run-directory.js';
import { makeDefaultRunFolder, makeRunFolder } from '../files/run-folder.js';
import { gaugeOptions } from '../gauge-flags.js';
import { addBaselineFlags, type BaselineUse, baselineUse } from '../known-leaks/baseline-flags.js';
import { runBeside } from '../known-leaks/run-beside.js';
import { type CommandOutcome, inDirectory } from '../outcome.js';
import { printVerdict } from '../print-verdict.js';
import { VERSION } from '../version.js';
import { confirmAllocator } from './confirm-allocator.js';
import { peerOf, questionsOf, requestOf } from './load-flags.js';
import { quote, reproduceCommand } from './reproduce.js';
import { addRunFlags, type RunFlags } from './run-flags.js';
import { targetOf } from './target-flags.js';

/** `leak-soak run`: the main job. */
export function addRunCommand(
  program: Command,
  context: CommandContext,
  done: (outcome: CommandOutcome) => void,
): void {
  const command = program
    .command('run')
    .description('launch a target, drive it, sample it and judge its growth');
  addAgainstFlags(addBaselineFlags(addRunFlags(command))).action(async (flags: RunFlags) => {
    if (isAgainst(flags)) {
      done(await runAgainst(flags, context, { resolve: resolveFlags, record: recordInto }));
      return;
    }
    const known = baselineUse(flags);
    const resolved = await resolveFlags(flags);
    const folder =
      flags.out === undefined
        ? makeDefaultRunFolder(resolved.scenario.name, new Date())
        : makeRunFolder(flags.out, flags.force === true);
    done(await inDirectory(folder, () => runInto(folder, resolved, known, flags, context)));
  });
}

async function runInto(
  folder: string,
  resolved: ResolvedRun,
  known: BaselineUse | null,
  flags: RunFlags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const reproduce = reproduceCommand(resolved);
  const say = (text: string): void => void context.stderr.write(`leak-soak: ${text}\n`);
  const verdict = await (known === null
    ? recordInto(folder, resolved, reproduce, flags, context)
    : runBeside(known, folder, resolved, say, (isKnown) =>
        recordInto(folder, resolved, `${reproduce} --baseline ${quote(known.path)}`, flags, context, isKnown),
      ));
  printVerdict(verdict, folder, flags.json === true, context);
  return { exitCode: verdict.exitCode, verdict: verdict.verdict, directory: folder };
}

/** One run, from its start to its `verdict.json`; what is printed of it is its progress. */
async function recordInto(
  folder: string,
  resolved: ResolvedRun,
  reproduce: string,
  flags: RunFlags,
  context: CommandContext,
  isKnown?: (metric: MetricVerdict) => boolean,
): Promise<RunVerdict> {
  const directory = openRunDirectory(folder);
  const display = startDisplay(shownOfRun(resolved, folder), context, flags.quiet === true);
  try {
    const first = await runScenario(
      resolved,
      {
        sinks: shownSinks(directory.sinks, display),
        version: VERSION,
        reproduce,
        isKnown,
      },
      context.signal,
    );
    directory.writeVerdict(first);
    if (flags.confirmAllocator !== true) return first;
    const confirmed = await confirmAllocator(first, resolved, folder, display, context.signal);
    if (confirmed !== first) directory.writeVerdict(confirmed);
    return confirmed;
  } finally {
    display.stop();
    directory.close();
  }
}

async function resolveFlags(flags: RunFlags): Promise<ResolvedRun> {
  const target = targetOf(flags);
  const scenario = await findScenario(flags.scenario ?? impliedScenario(flags));
  if (flags.variant !== undefined && flags.fault.length > 0) {
    throw usageError(
      '--fault and --variant exclude each other: --variant before is every fault of the scenario',
    );
  }
  if (flags.confirmAllocator === true && flags.deadline !== undefined) {
    throw usageError(
      '--confirm-allocator may repeat the run, which --deadline does not foresee: leave one of them out',
    );
  }
  const faults = flags.variant === 'before' ? scenario.exposes : flags.fault;
  const options = {
    length: flags.length,
    durationMs: flags.duration,
    warmUpMs: flags.warmUp,
    drainMs: flags.drain,
    cycles: flags.cycles,
    maxDurationMs: flags.maxDuration,
    deadlineMs: flags.deadline,
    cleanupPeriodMs: flags.cleanupPeriod,
    failFast: flags.failFast,
    ratePerSec: flags.rate,
    connections: flags.connections,
    httpVersion: flags.httpVersion,
    insecure: flags.insecure,
    request: requestOf(flags),
    loadCommand: flags.loadCommand,
    rateFlow: flags.rateFlow,
    outstanding: flags.outstanding,
    drivers: flags.drivers,
    questions: questionsOf(flags),
    peer: peerOf(flags),
    allowRemote: flags.allowRemote,
    target,
    zone: flags.zone,
    sampleEveryMs: flags.sampleEvery,
    seed: flags.seed,
    forceGc: flags.forceGc,
    sampler: flags.sampler,
    faults: [...new Set(faults)],
    ceilings: flags.max,
    budgets: flags.maxGrowth,
    heapSnapshots: flags.heapSnapshots,
    stripStrings: flags.stripStrings ?? !['', 'false', undefined].includes(process.env.CI),
    ...gaugeOptions(flags),
  };
  return resolveRun(scenario, options, target.kind === 'built-in' ? await readFaultCatalogue() : []);
}

/** What the flags leave no doubt about: a load tool of one's own, else an HTTP address. */
function impliedScenario(flags: RunFlags): string | undefined {
  if (flags.loadCommand !== undefined) return 'own-load';
  return flags.http === undefined ? undefined : 'http';
}

/** A path, or a name of code that could be a file's. */
const FILE = /[/\\]|\.[cm]?[jt]s$/;

async function findScenario(name: string | undefined): Promise<Scenario> {
  if (name !== undefined && FILE.test(name)) return readScenario(name);
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const names = SCENARIOS.map((candidate) => candidate.name);
  const known = `one of ${closestFirst(name ?? '', names).join(', ')} (leak-soak list scenarios)`;
  throw usageError(
    name === undefined ? `--scenario is missing: ${known}` : `unknown scenario '${name}': ${known}`,
  );
}
