import type { GeneratorHealth, LatencyMs, LoadCounters } from '../core/load-counters.js';
import type { LoadDriver, LoadTick } from './load-driver.js';

/**
 * Opens several loads on one target and lets them go as one. Counters are sums; latency is that of the part that was
 * served worst, since percentiles of different loads cannot be added up. The probe is the first one's.
 *
 * @throws what opening a part throws; those that were open are closed then
 */
export async function openMix(openers: readonly (() => Promise<LoadDriver>)[]): Promise<LoadDriver> {
  const parts: LoadDriver[] = [];
  const close = (): void => {
    for (const part of parts) part.close();
  };
  try {
    for (const open of openers) parts.push(await open());
  } catch (error) {
    close();
    throw error;
  }
  const [first] = parts;
  if (first === undefined) throw new Error('unreachable: a mix has a part');
  return {
    start() {
      for (const part of parts) part.start();
    },
    stop: async () => joined(await Promise.all(parts.map((part) => part.stop()))),
    tick: () => joined(parts.map((part) => part.tick())),
    probe: first.probe,
    close,
  };
}

function joined(ticks: readonly LoadTick[]): LoadTick {
  const total = (name: keyof LoadCounters): number =>
    ticks.reduce((sum, { counters }) => sum + counters[name], 0);
  const health = ticks.flatMap(({ generator }) => generator ?? []);
  return {
    counters: {
      intended: total('intended'),
      offered: total('offered'),
      answered: total('answered'),
      wrong: total('wrong'),
      errors: total('errors'),
      timeouts: total('timeouts'),
      dropped: total('dropped'),
    },
    latencyMs: worst(ticks.map(({ latencyMs }) => latencyMs)),
    ...(health.length === 0 ? {} : { generator: joinedHealth(health) }),
  };
}

function worst(latencies: readonly LatencyMs[]): LatencyMs {
  return { p50: highest(latencies.map(({ p50 }) => p50)), p99: highest(latencies.map(({ p99 }) => p99)) };
}

/** All parts live in one process, so its CPU time is counted once. */
function joinedHealth(health: readonly GeneratorHealth[]): GeneratorHealth {
  const drops = health.flatMap(({ kernelDrops }) => kernelDrops ?? []);
  return {
    io: health.map(({ io }) => io).join('+'),
    scheduleErrorP99Ms: highest(health.map(({ scheduleErrorP99Ms }) => scheduleErrorP99Ms)),
    cpuMs: Math.max(...health.map(({ cpuMs }) => cpuMs)),
    kernelDrops: drops.length === 0 ? null : drops.reduce((sum, each) => sum + each, 0),
  };
}

/** Null where none was read. */
function highest(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : Math.max(...known);
}
