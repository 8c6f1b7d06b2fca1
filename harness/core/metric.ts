import { type GaugeName, isGauge } from './gauge.js';

/** How a metric's values read: bytes are scaled for people, counts, percent and plain numbers are not. */
export type MetricUnit = 'bytes' | 'count' | 'percent' | 'number';

export interface MetricInfo {
  /** Its column in `samples.csv`. */
  readonly column: string;
  /** The column with the sum over the target's process tree, judged instead where it was read; null without one. */
  readonly treeColumn: string | null;
  readonly unit: MetricUnit;
  /** Smallest step that the source can report, in base units; 0 when only the readings can tell. */
  readonly resolution: number;
  /** Who reads it: the operating system from outside, the agent inside a Node target, or the target itself. */
  readonly source: 'os' | 'agent' | 'target';
  /** True where the reading only means something right after a full collection. */
  readonly afterCollection: boolean;
  /** True where a live process cannot read 0: such a cell comes from a process that is gone, or was not read. */
  readonly neverZero: boolean;
  readonly meaning: string;
}

/** Every metric that can carry a budget, by the name used on the command line and in JSON. */
export const METRICS = {
  'live-heap': {
    column: 'live_heap_bytes',
    treeColumn: 'tree_live_heap_bytes',
    unit: 'bytes',
    resolution: 8,
    source: 'agent',
    afterCollection: true,
    neverZero: true,
    meaning: 'heap used right after a forced full collection, of the process tree',
  },
  external: {
    column: 'external_bytes',
    treeColumn: 'tree_external_bytes',
    unit: 'bytes',
    resolution: 1,
    source: 'agent',
    afterCollection: true,
    neverZero: false,
    meaning: 'memory outside the V8 heap tied to its objects, array buffers included, of the process tree',
  },
  'array-buffers': {
    column: 'array_buffers_bytes',
    treeColumn: 'tree_array_buffers_bytes',
    unit: 'bytes',
    resolution: 1,
    source: 'agent',
    afterCollection: true,
    neverZero: false,
    meaning: 'memory of Buffers and ArrayBuffers of the process tree',
  },
  fds: {
    column: 'fds',
    treeColumn: 'tree_fds',
    unit: 'count',
    resolution: 1,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'open file descriptors of the process tree',
  },
  handles: {
    column: 'handles',
    treeColumn: 'tree_handles',
    unit: 'count',
    resolution: 1,
    source: 'agent',
    afterCollection: false,
    neverZero: false,
    meaning: 'active handles and timers that keep the event loops of the process tree alive',
  },
  threads: {
    column: 'threads',
    treeColumn: 'tree_threads',
    unit: 'count',
    resolution: 1,
    source: 'os',
    afterCollection: false,
    neverZero: true,
    meaning: 'threads of the process tree',
  },
  rss: {
    column: 'rss_bytes',
    treeColumn: 'tree_rss_bytes',
    unit: 'bytes',
    resolution: 4096,
    source: 'os',
    afterCollection: false,
    neverZero: true,
    meaning: 'resident set size of the process tree, shared pages counted in full',
  },
  'heap-used': {
    column: 'heap_used_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 8,
    source: 'agent',
    afterCollection: false,
    neverZero: true,
    meaning: 'V8 heap in use, garbage not yet collected included',
  },
  'heap-physical': {
    column: 'heap_physical_bytes',
    treeColumn: 'tree_heap_physical_bytes',
    unit: 'bytes',
    resolution: 4096,
    source: 'agent',
    afterCollection: false,
    neverZero: true,
    meaning: 'the part of the reserved V8 heap that occupies memory, of the process tree',
  },
  'heap-total': {
    column: 'heap_total_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 4096,
    source: 'agent',
    afterCollection: false,
    neverZero: true,
    meaning: 'V8 heap reserved',
  },
  pss: {
    column: 'pss_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 1024,
    source: 'os',
    afterCollection: false,
    neverZero: true,
    meaning: 'proportional set size: each page divided by the number of its sharers',
  },
  uss: {
    column: 'uss_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 4096,
    source: 'os',
    afterCollection: false,
    neverZero: true,
    meaning: 'unique set size: pages that nobody else shares',
  },
  swap: {
    column: 'swap_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 1024,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'memory swapped out',
  },
  sockets: {
    column: 'sockets',
    treeColumn: null,
    unit: 'count',
    resolution: 1,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'open sockets among the descriptors',
  },
  'io-write': {
    column: 'io_write_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 4096,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'bytes written to storage since the start, so that growth is the rate of writing',
  },
  'cgroup-current': {
    column: 'cgroup_current_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 4096,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'all memory charged to the control group, page cache and kernel included',
  },
  'cgroup-anon': {
    column: 'cgroup_anon_bytes',
    treeColumn: null,
    unit: 'bytes',
    resolution: 4096,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'anonymous memory of the control group',
  },
  cpu: {
    column: 'cpu_percent',
    treeColumn: 'tree_cpu_percent',
    unit: 'percent',
    resolution: 0.1,
    source: 'os',
    afterCollection: false,
    neverZero: false,
    meaning: 'CPU of the process tree in percent of one core',
  },
} as const satisfies Record<string, MetricInfo>;

/** A metric that leak-soak knows by itself. */
export type KnownMetric = keyof typeof METRICS;

export type MetricName = KnownMetric | GaugeName;

export const METRIC_NAMES = Object.keys(METRICS) as KnownMetric[];

export function isMetricName(text: string): text is MetricName {
  return Object.hasOwn(METRICS, text) || isGauge(text);
}

export function metricInfo(metric: MetricName): MetricInfo {
  return isGauge(metric) ? gaugeInfo(metric) : METRICS[metric];
}

function gaugeInfo(gauge: GaugeName): MetricInfo {
  return {
    column: gauge,
    treeColumn: null,
    unit: 'number',
    resolution: 0,
    source: 'target',
    afterCollection: false,
    neverZero: false,
    meaning: 'what the target says of itself (--gauges URL, --pprof URL), in its own unit',
  };
}

/** What is known of each metric in the order of `METRIC_NAMES`, gauges behind them as they were put in. */
export function inMetricOrder<Item>(byMetric: ReadonlyMap<MetricName, Item>): Item[] {
  const gauges = [...byMetric.keys()].filter(isGauge);
  return [...METRIC_NAMES, ...gauges].flatMap((metric) => byMetric.get(metric) ?? []);
}
