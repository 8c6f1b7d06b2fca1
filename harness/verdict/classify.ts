import type { GrowthClass, GrowthKind } from '../core/growth-class.js';
import type { MetricName } from '../core/metric.js';
import type { MetricVerdict } from '../core/verdict.js';

/** The metrics that witness each kind; RSS is explained by the others and speaks only when they are silent. */
const WITNESSES: readonly (readonly [GrowthKind, readonly MetricName[], string])[] = [
  [
    'js-heap',
    ['live-heap', 'heap-used', 'heap-total', 'heap-physical'],
    'objects are kept in the JavaScript heap: compare two heap snapshots, one before and one after more load',
  ],
  [
    'buffers',
    ['array-buffers', 'external'],
    'memory outside the V8 heap is kept by Buffers or native objects: look for stored datagrams, chunks or slices',
  ],
  [
    'descriptors',
    ['fds'],
    'sockets or files are opened and not closed: list them by kind with ls -l /proc/PID/fd while the load is on',
  ],
  ['threads', ['threads'], 'threads are started and not ended: look at worker pools and native add-ons'],
  [
    'handles',
    ['handles'],
    'timers, sockets or watchers stay active: look for what is never cleared or closed',
  ],
];

const NATIVE_ADVICE =
  'RSS grows while the heap and its buffers do not: repeat with MALLOC_ARENA_MAX=2 to tell fragmentation from a native leak';

/** Kinds of growth among the metrics that failed, in the order of how much they explain. */
export function classifyGrowth(metrics: readonly MetricVerdict[]): readonly GrowthClass[] {
  const failed = metrics
    .filter(({ verdict, decides }) => verdict === 'fail' && decides)
    .map(({ metric }) => metric);
  const classes = WITNESSES.flatMap(([kind, witnesses, advice]): readonly GrowthClass[] => {
    const seen = failed.filter((metric) => witnesses.includes(metric));
    return seen.length === 0 ? [] : [{ kind, metrics: seen, advice }];
  });
  const inMemory = classes.some(({ kind }) => kind === 'js-heap' || kind === 'buffers');
  if (!failed.includes('rss') || inMemory) return classes;
  return [{ kind: 'native-or-fragmentation', metrics: ['rss'], advice: NATIVE_ADVICE }, ...classes];
}
