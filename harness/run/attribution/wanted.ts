import type { MetricName } from '../../core/metric.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { HELD_BY_OBJECTS } from '../../verdict/held-by-objects.js';
import type { SnapshotsWhen } from './snapshot-plan.js';

/** Where nothing reads the heap, it is part of this. */
const AROUND_THE_HEAP: MetricName = 'rss';

const DESCRIPTORS: readonly MetricName[] = ['fds', 'sockets'];

/** What is worth finding out about a run beyond its verdict. */
export interface Wanted {
  /** The metrics that failed and that snapshots may explain. */
  readonly growing: readonly MetricVerdict[];
  readonly snapshots: boolean;
  readonly descriptors: boolean;
}

/** What to find out, given the verdict on the samples; `heapRead` is false where the heap had no readings. */
export function wantedOf({ verdict, metrics }: RunVerdict, when: SnapshotsWhen, heapRead: boolean): Wanted {
  const shown = heapRead ? HELD_BY_OBJECTS : [...HELD_BY_OBJECTS, AROUND_THE_HEAP];
  const failed = verdict === 'fail' ? metrics.filter((one) => one.decides && one.verdict === 'fail') : [];
  const growing = failed.filter(({ metric }) => shown.includes(metric));
  return {
    growing,
    snapshots: when === 'always' || (when === 'on-fail' && growing.length > 0),
    descriptors: failed.some(({ metric }) => DESCRIPTORS.includes(metric)),
  };
}
