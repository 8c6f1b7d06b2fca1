import type { MetricOutcome, MetricVerdict } from '../../harness/core/verdict.js';
import type { Colours } from '../colours.js';
import { METRIC_COLUMNS, metricCells, type OutcomePainter, outcomePainter } from '../metric-cells.js';
import { type Cell, renderTable, type TableColumn } from '../table.js';

/** One file or run of several, judged. */
export interface AnalysedFile {
  readonly file: string;
  readonly metrics: readonly MetricVerdict[];
  /** What its verdicts must be read with. */
  readonly notes: readonly string[];
}

const COLUMNS: readonly TableColumn[] = [
  { heading: 'file', align: 'left' },
  ...Object.values(METRIC_COLUMNS),
];

/** One JSON object and a newline for a metric of a file: base units, null for a figure that there is not. */
export function analysisLine(file: string, metric: MetricVerdict): string {
  const line = {
    file,
    metric: metric.metric,
    verdict: metric.verdict,
    pExceeds: metric.pExceeds,
    growthPerMin: metric.growthPerMin,
    halfWidthPerMin: metric.halfWidthPerMin,
    budgetPerMin: metric.budgetPerMin,
    detectionFloorPerMin: metric.detectionFloorPerMin,
    samples: metric.samples,
    reason: metric.reason,
  };
  return `${JSON.stringify(line)}\n`;
}

/** The table of files and metrics, why those that did not pass did not (of a single file: all), and the notes. */
export function analysisText(files: readonly AnalysedFile[], colours: Colours): string {
  const judged = files.flatMap(({ file, metrics }) => metrics.map((metric) => ({ file, metric })));
  const paint = outcomePainter(colours);
  const explained = files.length === 1 ? judged : judged.filter(({ metric }) => metric.verdict !== 'pass');
  const blocks = [
    judged.length === 0
      ? []
      : renderTable(
          COLUMNS,
          judged.map(({ file, metric }) => metricRow(file, metric, paint)),
        ),
    explained.map(
      ({ file, metric }) => `${paint(metric.verdict)(metric.verdict)}: ${file}: ${metric.reason}`,
    ),
    noteLines(files).map((line) => `${colours.dim('note')}: ${line}`),
    files.length > 1 ? [summary(judged.map(({ metric }) => metric.verdict))] : [],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return filled.length === 0 ? '' : `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Each note once, with the first file that it concerns and how many others. */
export function noteLines(files: readonly AnalysedFile[]): string[] {
  const filesByNote = new Map<string, string[]>();
  for (const { file, notes } of files) {
    for (const note of notes) filesByNote.set(note, [...(filesByNote.get(note) ?? []), file]);
  }
  return [...filesByNote].map(([note, [first = '', ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `${first}${more}: ${note}`;
  });
}

function metricRow(file: string, metric: MetricVerdict, paint: OutcomePainter): Cell[] {
  const { metric: name, growth, budget, floor, readings, verdict } = metricCells(metric, paint);
  return [{ text: file }, name, growth, budget, floor, readings, verdict];
}

function summary(outcomes: readonly MetricOutcome[]): string {
  const count = (wanted: MetricOutcome): string =>
    `${outcomes.filter((outcome) => outcome === wanted).length} ${wanted}`;
  return `${outcomes.length} verdicts: ${count('pass')}, ${count('fail')}, ${count('inconclusive')}`;
}
