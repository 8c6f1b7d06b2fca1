import { median as middleOf, sortSamples } from '../../harness/stats/sorted-samples.js';
import type { Round } from './dnsperf.js';

export function median(values: readonly number[]): number {
  const sorted = sortSamples(values);
  return sorted === null ? Number.NaN : middleOf(sorted);
}

export function medianOf(rounds: readonly Round[]): Round {
  return {
    answeredPerSec: median(rounds.map((round) => round.answeredPerSec)),
    cpuMicrosPerQuery: median(rounds.map((round) => round.cpuMicrosPerQuery)),
  };
}

export function line(name: string, { answeredPerSec, cpuMicrosPerQuery }: Round): string {
  const rate = Math.round(answeredPerSec).toString().padStart(7);
  return `${name.padEnd(26)} ${rate} answered/s, ${cpuMicrosPerQuery.toFixed(2)} us CPU per query`;
}

export function bar(reached: boolean): string {
  return reached ? ': reached' : ': MISSED';
}
