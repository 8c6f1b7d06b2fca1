import type { GeneratorHealth } from '../core/load-counters.js';
import { createLatencyRecorder } from './latency-recorder.js';
import { MAX_LATENESS_MS } from './open-loop.js';

/** Keeps an eye on the driver itself, from the first start of the load. */
export interface GeneratorWatch {
  /** Records the time sent minus the time intended. */
  recordScheduleError(ms: number): void;
  /** CPU counts from the first call. */
  start(): void;
  health(kernelDrops: number | null): GeneratorHealth;
}

/**
 * @param counts where schedule errors are counted by another thread; without them they are counted here
 */
export function createGeneratorWatch(io: string, counts?: Float64Array): GeneratorWatch {
  const errors = createLatencyRecorder(2 * MAX_LATENESS_MS, counts);
  let cpuAtStart: NodeJS.CpuUsage | null = null;
  return {
    recordScheduleError: errors.record,
    start() {
      cpuAtStart ??= process.cpuUsage();
    },
    health(kernelDrops) {
      const used = cpuAtStart === null ? { user: 0, system: 0 } : process.cpuUsage(cpuAtStart);
      return {
        io,
        scheduleErrorP99Ms: errors.total().p99,
        cpuMs: (used.user + used.system) / 1000,
        kernelDrops,
      };
    },
  };
}
