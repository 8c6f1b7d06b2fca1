import { isGauge } from '../core/gauge.js';
import { type GaugeReader, openGaugeReader } from '../sampling/gauges/gauge-reader.js';
import { pprofSource, textSource } from '../sampling/gauges/gauge-source.js';
import type { Recorder } from './recorder.js';

/**
 * Opens the reader of the target's own figures, if any are asked for, and waits for its first answer, so that the
 * columns stand before the first row; where none comes in time they follow in a new part.
 */
export async function openGauges({
  run,
  sinks,
  keeper,
  clock,
}: Omit<Recorder, 'recent'>): Promise<GaugeReader | null> {
  const { gauges: plan, budgets, ceilings } = run.plan;
  if (plan === null) return null;
  const reader = openGaugeReader({
    sources: [
      ...(plan.url === null ? [] : [textSource(plan.url)]),
      ...(plan.pprof === null ? [] : [pprofSource(plan.pprof)]),
    ],
    everyMs: plan.everyMs,
    only: plan.only,
    asked: [...budgets, ...ceilings].map(({ metric }) => metric).filter(isGauge),
    onColumns: (names) => sinks.gauges?.(names),
    onWarning: keeper.warn,
  });
  await reader.ask(clock.nowMs());
  return reader;
}
