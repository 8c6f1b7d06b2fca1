import type { Command } from 'commander';
import type { GaugeOptions } from '../run/gauge-plan.js';
import { collect } from './collect.js';

/** The flags that say where a target shows figures of its own, as commander hands them over. */
export interface GaugeFlags {
  readonly gauges?: string;
  readonly gauge: readonly string[];
  readonly pprof?: string;
}

export function addGaugeFlags(command: Command): Command {
  return command
    .option(
      '--gauges <url>',
      "the target's own figures, stored as gauge.NAME: Prometheus text (/metrics) or JSON (/health)",
    )
    .option(
      '--gauge <name>',
      'keep this one of them only (repeatable; default: all, at most 200)',
      collect,
      [],
    )
    .option(
      '--pprof <url>',
      'net/http/pprof of a Go target, e.g. http://127.0.0.1:6060: gauge.go.goroutines and gauge.go.heap_inuse',
    );
}

/** What the flags come to for a run. */
export function gaugeOptions({ gauges, gauge, pprof }: GaugeFlags): GaugeOptions {
  return { gaugesUrl: gauges, gauges: gauge, pprofUrl: pprof };
}
