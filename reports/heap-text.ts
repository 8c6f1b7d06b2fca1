import type { GrowthReport, MemlabReport } from '../harness/core/culprit.js';
import { formatBytes } from '../harness/core/units.js';
import type { Colours } from './colours.js';
import { culpritLines, plural, signed } from './culprit-lines.js';

export interface HeapTextOptions {
  readonly colours: Colours;
  /** Most culprits that are shown. */
  readonly top: number;
  /** Whether V8's and Node's own bookkeeping is shown as well. */
  readonly all: boolean;
}

const NOTHING = [
  'no structure grows from every snapshot to the next',
  'if memory grows all the same it is not in the V8 heap: leak-soak run names the metric that grows; then look at',
  'descriptors with ls -l /proc/PID/fd, at sockets with ss -tmp, at native code with heaptrack, or repeat the run with',
  '--confirm-allocator to tell a native leak from fragmentation',
];

/** The comparison of heap snapshots for people: what grew, by how much, who holds it, and what to do. */
export function heapText(report: GrowthReport, { colours, top, all }: HeapTextOptions): string {
  const wanted = report.culprits.filter(({ artefact }) => all || !artefact);
  const shown = wanted.slice(0, top);
  const own = report.culprits.filter(({ artefact }) => artefact).length;
  const left = [
    ...(wanted.length > shown.length
      ? [`${wanted.length - shown.length} more with --top ${wanted.length}`]
      : []),
    ...(!all && own > 0 ? [`${own} of V8's own with --all`] : []),
  ];
  const blocks = [
    [headline(report)],
    ...(shown.length === 0 ? [NOTHING] : shown.map((culprit, i) => culpritLines(culprit, i + 1, colours))),
    left.length === 0 ? [] : [left.join(', ')],
    report.warnings.map((warning) => `${colours.yellow('warning')}: ${warning}`),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headline({ snapshots, growthBytes, operations }: GrowthReport): string {
  const sizes = snapshots.map(({ totalBytes }) => formatBytes(totalBytes)).join(' > ');
  const load = operations === null ? '' : `, ${operations} operations between two`;
  return `${snapshots.length} snapshots: ${sizes} (${signed(growthBytes)}${load})`;
}

/** What memlab says, in its own names. */
export function memlabText({ traces }: MemlabReport, top: number): string {
  const lines = traces
    .slice(0, top)
    .flatMap(({ path, retainedBytes }, i) => [
      `${i + 1}. ${path.join(' → ')}`,
      ...(retainedBytes === null ? [] : [`   retained ${formatBytes(retainedBytes)}`]),
    ]);
  const left = traces.length > top ? [`${traces.length - top} more with --top ${traces.length}`] : [];
  return `${[`memlab: ${plural(traces.length, 'trace')}`, ...lines, ...left].join('\n')}\n`;
}
