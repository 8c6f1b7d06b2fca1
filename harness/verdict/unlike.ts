import type { Pair, SettingDifference } from '../core/comparison.js';
import type { Manifest } from '../core/manifest.js';
import type { NonEmpty } from '../stats/difference.js';
import type { RecordedRun } from './recorded-run.js';

type Setting = readonly [name: string, read: (manifest: Manifest) => unknown];

/** Settings that shape what is measured: runs that differ in one of them cannot be compared. */
const MUST_MATCH: readonly Setting[] = [
  ['scenario', (run) => run.scenario],
  ['plan.durationMs', (run) => run.plan.durationMs],
  ['plan.warmUpMs', (run) => run.plan.warmUpMs],
  ['plan.autoWarmUp', (run) => run.plan.autoWarmUp],
  ['plan.drainMs', (run) => run.plan.drainMs],
  ['plan.cycles', (run) => run.plan.cycles],
  ['plan.cleanupPeriodMs', (run) => run.plan.cleanupPeriodMs ?? '(none)'],
  ['plan.sampleEveryMs', (run) => run.plan.sampleEveryMs],
  ['plan.ratePerSec', (run) => run.plan.ratePerSec],
  ['plan.rateFlow', (run) => run.plan.rateFlow ?? 'constant'],
  ['plan.outstanding', (run) => run.plan.outstanding ?? '(open model)'],
  ['plan.overload', (run) => run.plan.overload],
  ['plan.forceGc', (run) => run.plan.forceGc],
  ['plan.sampler', (run) => run.plan.sampler],
  ['machine.node (major)', (run) => nodeMajor(run.machine.node)],
  ['machine.allocatorEnv', (run) => sortedText(run.machine.allocatorEnv)],
];

/** Settings that hosted runners change under one's feet: they may explain a difference, no more. */
const SHOULD_MATCH: readonly Setting[] = [
  ['machine.platform', (run) => run.machine.platform],
  ['machine.arch', (run) => run.machine.arch],
  ['machine.kernel', (run) => run.machine.kernel],
  ['machine.cpu', (run) => run.machine.cpu],
  ['machine.cpuCount', (run) => run.machine.cpuCount],
  ['machine.memoryBytes', (run) => run.machine.memoryBytes],
  ['machine.node', (run) => run.machine.node],
  ['leakSoakVersion', (run) => run.leakSoakVersion],
];

/** The settings that must match and do not. Fault, target version, command and seed are the treatment. */
export function unlikeSettings(pairs: NonEmpty<Pair<RecordedRun>>): SettingDifference[] {
  return differing(MUST_MATCH, pairs);
}

/** The settings that may explain a difference without forbidding the comparison. */
export function doubtfulSettings(pairs: NonEmpty<Pair<RecordedRun>>): SettingDifference[] {
  return differing(SHOULD_MATCH, pairs);
}

/** Each setting of the first before run against that of the first run that differs from it. */
function differing(settings: readonly Setting[], pairs: NonEmpty<Pair<RecordedRun>>): SettingDifference[] {
  const [first, ...others] = pairs.flatMap(({ before, after }) => [before, after]);
  return settings.flatMap(([setting, read]) => {
    if (first === undefined) return [];
    const before = String(read(first.manifest));
    const after = others.map(({ manifest }) => String(read(manifest))).find((value) => value !== before);
    return after === undefined ? [] : { setting, before, after };
  });
}

/** `20` of `v20.19.0` or `20.19.0`. */
function nodeMajor(version: string): string {
  return /^v?(\d+)/.exec(version)?.[1] ?? version;
}

function sortedText(environment: Readonly<Record<string, string>>): string {
  const entries = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return entries.length === 0 ? '(none)' : entries.sort().join(' ');
}
