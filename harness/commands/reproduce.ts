import type { Budget } from '../core/budget.js';
import { metricInfo } from '../core/metric.js';
import { defaultCycles, type ResolvedRun } from '../run/run-options.js';
import { defaultSampler } from '../sampling/open-source.js';

/** The command that repeats a run exactly, every choice spelled out but where its files go. */
export function reproduceCommand({ scenario, faults, plan, zone }: ResolvedRun): string {
  const words = [
    'leak-soak run',
    `--scenario ${scenario.name}`,
    ...faults.map((id) => `--fault ${id}`),
    `--duration ${flagTime(plan.durationMs)}`,
    `--warm-up ${plan.autoWarmUp ? 'auto' : flagTime(plan.warmUpMs)}`,
    `--drain ${flagTime(plan.drainMs)}`,
    ...(plan.cycles === defaultCycles(plan.durationMs) ? [] : [`--cycles ${plan.cycles}`]),
    ...(plan.maxDurationMs === 2 * plan.durationMs ? [] : [`--max-duration ${flagTime(plan.maxDurationMs)}`]),
    ...(plan.cleanupPeriodMs === null ? [] : [`--cleanup-period ${flagTime(plan.cleanupPeriodMs)}`]),
    ...(plan.failFast ? ['--fail-fast'] : []),
    `--rate ${plan.ratePerSec}`,
    `--sample-every ${flagTime(plan.sampleEveryMs)}`,
    `--seed ${plan.seed}`,
    ...(zone === scenario.defaults.zone ? [] : [`--zone ${zone}`]),
    ...plan.budgets.filter((budget) => budget.explicit).map((budget) => `--max-growth ${growthFlag(budget)}`),
    ...(plan.forceGc ? [] : ['--no-force-gc']),
    ...(plan.sampler === defaultSampler() ? [] : [`--sampler ${plan.sampler}`]),
  ];
  return words.join(' ');
}

/** Binary units, the largest first. */
const BYTE_UNITS = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

function flagTime(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function growthFlag({ metric, growthPerMin }: Budget): string {
  const { unit: kind } = metricInfo(metric);
  if (kind !== 'bytes') return `${metric}=${growthPerMin}${kind === 'percent' ? '%' : ''}/min`;
  const [unit, size] = BYTE_UNITS.find(([, bytes]) => growthPerMin % bytes === 0) ?? ['B', 1];
  return `${metric}=${growthPerMin / size}${unit}/min`;
}
