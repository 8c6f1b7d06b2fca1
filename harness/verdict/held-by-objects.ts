import type { MetricName } from '../core/metric.js';

/** Growth that a heap snapshot can show: of objects, of what they hold outside the heap, and of what they stand for. */
export const HELD_BY_OBJECTS: readonly MetricName[] = [
  'live-heap',
  'heap-used',
  'heap-total',
  'heap-physical',
  'external',
  'array-buffers',
  'handles',
  'fds',
  'sockets',
];
