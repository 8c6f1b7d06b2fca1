import type { LeakState } from '../harness/core/leak-baseline.js';
import type { LoadSummary } from '../harness/core/load-counters.js';
import { formatBytes } from '../harness/core/units.js';
import type { MetricVerdict, RunVerdict } from '../harness/core/verdict.js';
import { acceptedCulprits } from '../harness/verdict/known-leaks/known-culprits.js';
import type { Colours } from './colours.js';
import { culpritLines } from './culprit-lines.js';
import { METRIC_COLUMNS, metricCells, type OutcomePainter, outcomePainter } from './metric-cells.js';
import { type Cell, renderTable, type TableColumn } from './table.js';
import { verdictWhy } from './verdict-why.js';

/** What a verdict's text needs beside the verdict. */
export interface VerdictTextOptions {
  readonly colours: Colours;
  /** Where the run's files are; null when there are none. */
  readonly directory: string | null;
}

const { metric, growth, budget, floor, readings, verdict: outcome } = METRIC_COLUMNS;
const COLUMNS: readonly TableColumn[] = [
  metric,
  growth,
  { heading: 'per op', align: 'right' },
  budget,
  floor,
  readings,
  outcome,
  { heading: 'decides', align: 'left' },
];

/** The verdict for people: outcome and why first, then figures, load, findings, warnings and what to run next. */
export function verdictText(verdict: RunVerdict, { colours, directory }: VerdictTextOptions): string {
  const paint = outcomePainter(colours);
  const subject = verdict.fault === null ? verdict.scenario : `${verdict.scenario} with ${verdict.fault}`;
  const headline = `${paint(verdict.verdict)(verdict.verdict.toUpperCase())}  ${subject}: ${verdictWhy(verdict)}`;
  const blocks = [
    [headline],
    verdict.metrics.length === 0
      ? []
      : renderTable(
          COLUMNS,
          verdict.metrics.map((m) => metricRow(m, paint)),
        ),
    [...loadLine(verdict.load), ...serviceLine(verdict), ...structureLines(verdict)],
    verdict.classes.map(
      ({ kind, evidence, advice }) => `${kind}: ${evidence === null ? '' : `${evidence}; `}${advice}`,
    ),
    ...culpritBlocks(verdict, colours),
    verdict.findings.map(({ id, severity, message }) => {
      const mark = severity === 'error' ? colours.red(severity) : colours.yellow(severity);
      return `${mark}: ${message} [${id}]`;
    }),
    verdict.knownLeaks.map(
      ({ state, message }) => `${colours[LEAK_COLOURS[state]]('known leak')}: ${message} [${state}]`,
    ),
    verdict.warnings.map(({ id, concerns, message }) => {
      const mark = concerns === 'note' ? colours.dim('note') : colours.yellow('warning');
      return `${mark}: ${message} [${id}]`;
    }),
    [
      ...(directory === null ? [] : [`files:  ${directory}`]),
      ...(verdict.reproduce === '' ? [] : [`repeat: ${verdict.reproduce}`]),
    ],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** A known leak that fails the run stands out, one that is excused does not. */
const LEAK_COLOURS: Readonly<Record<LeakState, 'dim' | 'red' | 'yellow'>> = {
  known: 'dim',
  worse: 'red',
  'new-culprit': 'red',
  expired: 'red',
  gone: 'yellow',
};

/** Culprits that are shown: the first, and others with some part in the growth; all of them are in `verdict.json`. */
const TOP_CULPRITS = 3;
const LEAST_SHARE = 0.05;

/** The structures of the program that grew, a block each; those of a known leak are nothing new. */
function culpritBlocks({ culprits, knownLeaks }: RunVerdict, colours: Colours): readonly string[][] {
  const accepted = acceptedCulprits(knownLeaks);
  const own = culprits.filter(({ artefact, fingerprint }) => !artefact && !accepted.has(fingerprint));
  const blocks = own
    .slice(0, TOP_CULPRITS)
    .filter(({ share }, i) => i === 0 || share === null || share >= LEAST_SHARE)
    .map((culprit, i) => culpritLines(culprit, i + 1, colours));
  const left = own.length - blocks.length;
  return left <= 0 ? blocks : [...blocks, [`${left} more in culprits of verdict.json`]];
}

/** Structures less full than this at both ends are not listed one by one. */
const LEAST_FILL = 0.01;

function metricRow(judged: MetricVerdict, paint: OutcomePainter): Cell[] {
  const cells = metricCells(judged, paint);
  const decides = { text: judged.decides ? 'yes' : 'no' };
  const perOp = { text: perOperation(judged) };
  return [
    cells.metric,
    cells.growth,
    perOp,
    cells.budget,
    cells.floor,
    cells.readings,
    cells.verdict,
    decides,
  ];
}

/** Growth per operation, where there was clearly some: what each query or connection leaves behind. */
function perOperation({ growthPerOp, growthPerMin, halfWidthPerMin, unit }: MetricVerdict): string {
  const clear = growthPerMin !== null && halfWidthPerMin !== null && growthPerMin > halfWidthPerMin;
  if (growthPerOp === null || !clear) return '';
  return unit === 'bytes' ? formatBytes(growthPerOp) : String(Number(growthPerOp.toPrecision(2)));
}

function loadLine(load: LoadSummary | null): string[] {
  if (load === null) return [];
  const { p50, p99 } = load.latencyMs;
  const latency = p50 === null || p99 === null ? '' : `; latency p50 ${p50} ms, p99 ${p99} ms`;
  return [
    `load: ${load.offered} offered of ${load.intended} intended, ${load.answered} answered, ${load.wrong} wrong, ${load.errors} failed, ${load.timeouts} timed out, ${load.dropped} dropped${latency}`,
  ];
}

/** How each service answered the questions asked beside the load. */
function serviceLine({ services }: RunVerdict): string[] {
  if (services.length === 0) return [];
  const each = services.map(({ service, asked, answered, latencyMs: { p99 } }) => {
    const latency = p99 === null ? '' : `, p99 ${p99} ms`;
    return `${service} ${answered} of ${asked}${latency}`;
  });
  return [`asked beside the load: ${each.join('; ')}`];
}

/** Structures that hold something; the empty ones are only counted. */
function structureLines(verdict: RunVerdict): string[] {
  const { structures } = verdict;
  if (structures.length === 0) return [];
  const percent = (fill: number | null): string => (fill === null ? '?' : `${Math.round(100 * fill)} %`);
  const shown = structures.filter(
    ({ atSteadyStart, atSteadyEnd }) =>
      atSteadyStart === null || atSteadyEnd === null || Math.max(atSteadyStart, atSteadyEnd) >= LEAST_FILL,
  );
  const each = shown.map(
    ({ name, atSteadyStart, atSteadyEnd }) => `${name} ${percent(atSteadyStart)} → ${percent(atSteadyEnd)}`,
  );
  const empty = structures.length - shown.length;
  const rest = empty === 0 ? [] : [`${empty} ${shown.length === 0 ? '' : 'other '}nearly empty`];
  return [`full (steady start → end): ${[...each, ...rest].join(', ')}`];
}
