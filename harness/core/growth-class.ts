import type { MetricName } from './metric.js';

/** Where growth sits, as far as the metrics can tell; decides which tool to reach for next. */
export type GrowthKind =
  | 'js-heap'
  | 'buffers'
  | 'native-or-fragmentation'
  | 'descriptors'
  | 'threads'
  | 'handles';

/** One kind of growth that a run found. */
export interface GrowthClass {
  readonly kind: GrowthKind;
  /** The failing metrics that say so. */
  readonly metrics: readonly MetricName[];
  /** What to do next, in one sentence. */
  readonly advice: string;
}
