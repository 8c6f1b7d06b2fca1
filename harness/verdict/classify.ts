import type { GrowthClass } from '../core/growth-class.js';
import type { MetricName } from '../core/metric.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import type { MetricVerdict } from '../core/verdict.js';
import { explainDescriptors } from './classify-descriptors.js';
import { explainHandles } from './classify-handles.js';
import { explainDisk, explainGroup, explainNative } from './classify-memory.js';
import type { Explanation } from './rise.js';

type Explain = (recording: Recording, window: TimeWindow) => Explanation;

const constant =
  (advice: string): Explain =>
  () => ({ evidence: null, advice });

/** What each kind of growth shows in, and how it is explained, in the order of how much it says. */
const KINDS = [
  {
    kind: 'js-heap',
    witnesses: ['live-heap', 'heap-used', 'heap-total', 'heap-physical'],
    explain: constant(
      'objects are kept in the JavaScript heap: take three heap snapshots, with as much load between each two, and ' +
        'give them to leak-soak heap-diff',
    ),
  },
  {
    kind: 'buffers',
    witnesses: ['array-buffers', 'external'],
    explain: constant(
      'memory outside the V8 heap is kept by Buffers or native objects: look for stored datagrams, chunks or slices',
    ),
  },
  { kind: 'descriptors', witnesses: ['fds', 'sockets'], explain: explainDescriptors },
  {
    kind: 'threads',
    witnesses: ['threads'],
    explain: constant('threads are started and not ended: look at worker pools and native add-ons'),
  },
  { kind: 'handles', witnesses: ['handles'], explain: explainHandles },
  { kind: 'disk', witnesses: ['io-write'], explain: explainDisk },
] as const satisfies readonly {
  readonly kind: GrowthClass['kind'];
  readonly witnesses: readonly MetricName[];
  readonly explain: Explain;
}[];

/** Metrics of all memory that the process holds: explained by the heap or by buffers where those failed too. */
const NATIVE_WITNESSES: readonly MetricName[] = ['rss', 'pss', 'uss', 'swap', 'cgroup-anon'];

/**
 * Kinds of growth among the metrics that failed, in the order of how much they explain. `attached` is true of a
 * process that the run did not start, which narrows what can be advised.
 */
export function classifyGrowth(
  metrics: readonly MetricVerdict[],
  recording: Recording,
  window: TimeWindow | null,
  attached = false,
): readonly GrowthClass[] {
  if (window === null) return [];
  const failed = metrics
    .filter(({ verdict, decides }) => verdict === 'fail' && decides)
    .map(({ metric }) => metric);
  const among = (witnesses: readonly MetricName[]): readonly MetricName[] =>
    failed.filter((metric) => witnesses.includes(metric));
  const classes = KINDS.flatMap(({ kind, witnesses, explain }): readonly GrowthClass[] => {
    const seen = among(witnesses);
    return seen.length === 0 ? [] : [{ kind, metrics: seen, ...explain(recording, window) }];
  });
  if (classes.some(({ kind }) => kind === 'js-heap' || kind === 'buffers')) return classes;
  const native = among(NATIVE_WITNESSES);
  if (native.length > 0) {
    const explained = explainNative(recording, window, attached);
    return [{ kind: 'native-or-fragmentation', metrics: native, ...explained }, ...classes];
  }
  if (!failed.includes('cgroup-current')) return classes;
  return [{ metrics: ['cgroup-current'], ...explainGroup(recording, window) }, ...classes];
}
