import type { Budget, Ceiling } from '../../core/budget.js';
import type { GaugePlan, RunPlan } from '../../core/manifest.js';
import { type MetricName, metricInfo } from '../../core/metric.js';
import { isSecret, withoutSecrets } from '../../core/secrets.js';
import { DEFAULT_IDENTITY } from '../../load/peer/identity.js';
import { defaultCycles, type ResolvedRun } from '../../run/run-options.js';
import type { Scenario } from '../../run/scenario.js';
import { type BuiltInTarget, DEFAULT_READY_TIMEOUT_MS, type TargetSpec } from '../../run/target-spec.js';
import { defaultSampler } from '../../sampling/open-source.js';

/** The command that repeats a run exactly, every choice spelled out but where its files go. */
export function reproduceCommand(run: ResolvedRun): string {
  const { scenario, faults, plan, choices } = run;
  const words = [
    'leak-soak run',
    `--scenario ${quote(scenario.file ?? scenario.name)}`,
    ...faults.map((id) => `--fault ${id}`),
    ...targetWords(run.target),
    ...loadWords(scenario, choices),
    ...(run.length === 'quick' ? ['--length quick'] : []),
    `--duration ${flagTime(plan.durationMs)}`,
    `--warm-up ${plan.autoWarmUp ? 'auto' : flagTime(plan.warmUpMs)}`,
    `--drain ${flagTime(plan.drainMs)}`,
    ...(plan.cycles === defaultCycles(plan.durationMs) ? [] : [`--cycles ${plan.cycles}`]),
    ...(plan.maxDurationMs === 2 * plan.durationMs ? [] : [`--max-duration ${flagTime(plan.maxDurationMs)}`]),
    ...(plan.cleanupPeriodMs === null ? [] : [`--cleanup-period ${flagTime(plan.cleanupPeriodMs)}`]),
    ...(plan.failFast ? ['--fail-fast'] : []),
    ...(plan.outstanding === null ? [`--rate ${plan.ratePerSec}`] : []),
    `--sample-every ${flagTime(plan.sampleEveryMs)}`,
    `--seed ${plan.seed}`,
    ...limitWords(plan),
    ...gaugeWords(plan.gauges),
    ...(plan.forceGc ? [] : ['--no-force-gc']),
    ...(run.snapshots.when === 'on-fail' ? [] : [`--heap-snapshots ${run.snapshots.when}`]),
    ...(plan.sampler === defaultSampler() ? [] : [`--sampler ${plan.sampler}`]),
  ];
  return words.join(' ');
}

function targetWords(target: TargetSpec): string[] {
  if (target.kind === 'built-in') return [];
  const addresses = Object.entries(target.addresses).map(([service, text]) => `--${service} ${quote(text)}`);
  if (target.kind === 'attached') {
    const inspect = target.allowInspect ? ['--allow-inspect'] : [];
    return [`--pid ${target.pid}`, ...inspect, ...signalWords(target), ...addresses];
  }
  return [
    `--command ${quote(target.command.map(quote).join(' '))}`,
    ...(target.cwd === process.cwd() ? [] : [`--cwd ${quote(target.cwd)}`]),
    ...Object.entries(target.env).map(
      // A secret is not spelled out; its name alone hands on what the environment holds.
      ([name, value]) => `--env ${isSecret(name) ? name : quote(`${name}=${withoutSecrets(name, value)}`)}`,
    ),
    ...addresses,
    ...(target.readyLog === null ? [] : [`--ready-log ${quote(target.readyLog.source)}`]),
    ...(target.readyTimeoutMs === DEFAULT_READY_TIMEOUT_MS
      ? []
      : [`--ready-timeout ${flagTime(target.readyTimeoutMs)}`]),
    ...(target.memory?.high == null ? [] : [`--memory-high ${exactly(target.memory.high, 'rss')}`]),
    ...(target.memory?.max == null ? [] : [`--memory-max ${exactly(target.memory.max, 'rss')}`]),
    ...signalWords(target),
  ];
}

function signalWords({ snapshotSignal }: Exclude<TargetSpec, BuiltInTarget>): string[] {
  return snapshotSignal === undefined ? [] : [`--snapshot-signal ${snapshotSignal}`];
}

function loadWords({ defaults }: Scenario, choices: ResolvedRun['choices']): string[] {
  const { zone, connections, request, loadCommand, rateFlow, outstanding, drivers, peer } = choices;
  const { httpVersion, insecure } = choices;
  return [
    ...(defaults.zone === undefined || zone === defaults.zone ? [] : [`--zone ${zone}`]),
    ...(defaults.connections === undefined || connections === defaults.connections
      ? []
      : [`--connections ${connections}`]),
    ...(rateFlow === null ? [] : [`--rate-flow ${quote(rateFlow)}`]),
    ...(outstanding === null ? [] : [`--outstanding ${outstanding}`]),
    ...(defaults.drivers === undefined || drivers === defaults.drivers ? [] : [`--drivers ${drivers}`]),
    ...questionWords(choices.questions),
    ...(peer.origin === DEFAULT_IDENTITY.origin ? [] : [`--peer-origin ${peer.origin}`]),
    ...(peer.appVersion === DEFAULT_IDENTITY.appVersion ? [] : [`--peer-version ${peer.appVersion}`]),
    ...choices.allowRemote.map((host) => `--allow-remote ${host}`),
    ...(loadCommand === null ? [] : [`--load-command ${quote(loadCommand.map(quote).join(' '))}`]),
    ...(httpVersion === '1.1' ? [] : [`--http-version ${httpVersion}`]),
    ...(insecure ? ['--insecure'] : []),
    ...(request.method === 'GET' ? [] : [`--method ${request.method}`]),
    ...Object.entries(request.headers).map(
      ([name, value]) => `--header ${quote(`${name}: ${withoutSecrets(name, value)}`)}`,
    ),
    ...(request.body === null ? [] : [`--body ${quote(request.body)}`]),
  ];
}

function questionWords(questions: ResolvedRun['choices']['questions']): string[] {
  switch (questions?.kind) {
    case 'names':
    case 'queries':
      return [`--${questions.kind} ${quote(questions.path)}`];
    case 'zipf':
      return [`--zipf ${questions.count}:${questions.exponent}`];
    default:
      return [];
  }
}

/** The budgets and ceilings that the user named. */
export function limitWords({ budgets, ceilings }: Pick<RunPlan, 'budgets' | 'ceilings'>): string[] {
  return [
    ...budgets.filter(({ explicit }) => explicit).map((one) => `--max-growth ${quote(growthFlag(one))}`),
    ...ceilings.filter(({ explicit }) => explicit).map((one) => `--max ${quote(levelFlag(one))}`),
  ];
}

export function gaugeWords(plan: GaugePlan | null): string[] {
  if (plan === null) return [];
  return [
    ...(plan.url === null ? [] : [`--gauges ${quote(plan.url)}`]),
    ...plan.only.map((name) => `--gauge ${quote(name)}`),
    ...(plan.pprof === null ? [] : [`--pprof ${quote(plan.pprof)}`]),
  ];
}

/** A word as a POSIX shell takes it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Binary units, the largest first. */
const BYTE_UNITS = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

/** A time as a flag takes it. */
export function flagTime(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function growthFlag({ metric, growthPerMin }: Budget): string {
  return `${metric}=${exactly(growthPerMin, metric)}/min`;
}

function levelFlag({ metric, value }: Ceiling): string {
  return `${metric}=${exactly(value, metric)}`;
}

/** A quantity in the largest unit that states it exactly. */
function exactly(value: number, metric: MetricName): string {
  const { unit: kind } = metricInfo(metric);
  if (kind !== 'bytes') return `${value}${kind === 'percent' ? '%' : ''}`;
  const [unit, size] = BYTE_UNITS.find(([, bytes]) => value % bytes === 0) ?? ['B', 1];
  return `${value / size}${unit}`;
}
