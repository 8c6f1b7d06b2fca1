import type { MetricName } from './metric.js';

/**
 * Where growth sits, as far as the metrics can tell; decides which tool to reach for next.
 *
 * `native-or-fragmentation` becomes `native` or `fragmentation` when a second run with few arenas could tell
 * (`--confirm-allocator`).
 */
export type GrowthKind =
  | 'js-heap'
  | 'buffers'
  | 'native-or-fragmentation'
  | 'native'
  | 'fragmentation'
  | 'kernel'
  | 'page-cache'
  | 'descriptors'
  | 'threads'
  | 'handles'
  | 'disk';

/** One kind of growth that a run found. */
export interface GrowthClass {
  readonly kind: GrowthKind;
  /** The failing metrics that say so. */
  readonly metrics: readonly MetricName[];
  /** What the recording shows of it beyond the metric itself; null when it shows nothing more. */
  readonly evidence: string | null;
  /** What to do next, in one sentence. */
  readonly advice: string;
}
