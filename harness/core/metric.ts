/** How a metric's values read: bytes are scaled for people, counts are not. */
export type MetricUnit = 'bytes' | 'count';

export interface MetricInfo {
  /** Its column in `samples.csv`. */
  readonly column: string;
  readonly unit: MetricUnit;
  /** Smallest step that the source can report, in base units. */
  readonly resolution: number;
  /** Who reads it: the operating system from outside, or the agent inside a Node target. */
  readonly source: 'os' | 'agent';
  /** True where the reading only means something right after a full collection. */
  readonly afterCollection: boolean;
  readonly meaning: string;
}

/** Every metric that can carry a budget, by the name used on the command line and in JSON. */
export const METRICS = {
  'live-heap': {
    column: 'live_heap_bytes',
    unit: 'bytes',
    resolution: 8,
    source: 'agent',
    afterCollection: true,
    meaning: 'heap used right after a forced full collection',
  },
  external: {
    column: 'external_bytes',
    unit: 'bytes',
    resolution: 1,
    source: 'agent',
    afterCollection: true,
    meaning: 'memory outside the V8 heap tied to its objects, array buffers included',
  },
  'array-buffers': {
    column: 'array_buffers_bytes',
    unit: 'bytes',
    resolution: 1,
    source: 'agent',
    afterCollection: true,
    meaning: 'memory of Buffers and ArrayBuffers',
  },
  fds: {
    column: 'fds',
    unit: 'count',
    resolution: 1,
    source: 'os',
    afterCollection: false,
    meaning: 'open file descriptors',
  },
  handles: {
    column: 'handles',
    unit: 'count',
    resolution: 1,
    source: 'agent',
    afterCollection: false,
    meaning: 'active handles and timers that keep the event loop alive',
  },
  threads: {
    column: 'threads',
    unit: 'count',
    resolution: 1,
    source: 'os',
    afterCollection: false,
    meaning: 'threads of the process',
  },
  rss: {
    column: 'rss_bytes',
    unit: 'bytes',
    resolution: 4096,
    source: 'os',
    afterCollection: false,
    meaning: 'resident set size, shared pages counted in full',
  },
  'heap-used': {
    column: 'heap_used_bytes',
    unit: 'bytes',
    resolution: 8,
    source: 'agent',
    afterCollection: false,
    meaning: 'V8 heap in use, garbage not yet collected included',
  },
  'heap-physical': {
    column: 'heap_physical_bytes',
    unit: 'bytes',
    resolution: 4096,
    source: 'agent',
    afterCollection: false,
    meaning: 'the part of the reserved V8 heap that occupies memory',
  },
  'heap-total': {
    column: 'heap_total_bytes',
    unit: 'bytes',
    resolution: 4096,
    source: 'agent',
    afterCollection: false,
    meaning: 'V8 heap reserved',
  },
} as const satisfies Record<string, MetricInfo>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

export function isMetricName(text: string): text is MetricName {
  return Object.hasOwn(METRICS, text);
}

export function metricInfo(metric: MetricName): MetricInfo {
  return METRICS[metric];
}
