/** A `samples.csv` of ours that lost its run: judged like the run, on its steady phase. */
import type { ForeignRecording, ForeignSeries } from '../../harness/core/foreign-recording.js';
import { METRIC_NAMES, metricInfo } from '../../harness/core/metric.js';
import { lastReading } from '../../harness/core/recording.js';
import { metricReadings } from '../../harness/verdict/readings.js';
import { resolutionOf } from '../../harness/verdict/resolution.js';
import { judgedWindow } from '../../harness/verdict/window.js';
import { csvRowReader } from '../csv-rows.js';
import { eachRow } from './table.js';

/** Whether these are columns of `samples.csv`. */
export function isSamples(columns: readonly string[]): boolean {
  return columns.includes('elapsed_ms') && columns.includes('phase');
}

/** Reads it by the rules of a run; its usage errors name `fileName` themselves. */
export function readSamples(text: string, fileName: string): ForeignRecording {
  const rows = csvRowReader(fileName);
  eachRow(text, rows.take);
  const { recording, gauges, warnings } = rows.finish(text.endsWith('\n'));
  const window = judgedWindow(recording);
  const series = [...METRIC_NAMES, ...gauges].flatMap((metric): ForeignSeries[] => {
    if (lastReading(recording, metricInfo(metric).column) === null) return [];
    const readings = metricReadings(recording, metric, window);
    return [{ metric, resolution: resolutionOf(metric, readings.values), ...readings }];
  });
  const notes = warnings.map(({ message }) => ({ concerns: 'note' as const, message }));
  return {
    series,
    pid: lastReading(recording, 'pid'),
    spanMs: window === null ? null : [window.startMs, window.endMs],
    notes:
      window === null
        ? [...notes, { concerns: 'coverage', message: 'no row is of the steady phase' }]
        : notes,
  };
}
