import type { Culprit, GrowthReport, MemlabReport, RetainerStep } from '../harness/core/culprit.js';
import { formatBytes } from '../harness/core/units.js';
import type { Colours } from './colours.js';

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
    ...(shown.length === 0
      ? [NOTHING]
      : shown.map((culprit, i) => culpritLines(culprit, i + 1, report, colours))),
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

function culpritLines(culprit: Culprit, rank: number, report: GrowthReport, colours: Colours): string[] {
  const { name, className, structures, contents, heldBytes, share, growthPerOp } = culprit;
  const many = structures > 1 ? `${structures} x ` : '';
  const what = contents.map((content) => `${content.className} ${content.counts.join(' > ')}`).join(', ');
  const rise = (heldBytes.at(-1) ?? 0) - (heldBytes[0] ?? 0);
  const part = share === null ? '' : `, ${Math.round(100 * share)} % of all growth`;
  const outside =
    culprit.offHeapGrowthBytes > 0
      ? `, ${formatBytes(culprit.offHeapGrowthBytes)} of it outside the heap`
      : '';
  const perOp =
    growthPerOp === null
      ? []
      : [`per op     ${formatBytes(growthPerOp.bytes)}, ${plural(growthPerOp.objects, 'object')}`];
  const rows = [
    `grows      ${what === '' ? heldBytes.map(formatBytes).join(' > ') : what}`,
    `growth     ${signed(rise)}${part}${outside}`,
    ...perOp,
    `retained   ${culprit.retainedBytes.map(formatBytes).join(' > ')}`,
    `held by    ${pathText(culprit.path)}`,
    ...(culprit.allocationStack === null ? [] : [`allocated  ${culprit.allocationStack.join(' < ')}`]),
    `advice     ${culprit.advice}`,
    `id         ${culprit.fingerprint}`,
  ];
  const steps = report.snapshots.length - 1;
  const title = colours.bold(`${many}${name} (${className})`);
  return [
    `${rank}. ${title} grew ${steps === 1 ? 'in the one step' : `at each of ${steps} steps`} [${culprit.kind}]`,
    ...rows.map((row) => `   ${row}`),
  ];
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

/** A path as one line: `Server → _events → request() → cache DnsCache → entries Map`. */
export function pathText(path: readonly RetainerStep[]): string {
  return path.map(stepText).join(' → ');
}

function stepText({ name, className }: RetainerStep): string {
  if (name === '[]') return className;
  if (className === 'Object') return name;
  if (className === '(anonymous)()' || className === `${name}()`) return `${name}()`;
  return `${name} ${className}`;
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/** A number with at most two decimals and its noun. */
function plural(amount: number, noun: string): string {
  const number = Number(amount.toFixed(2));
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
