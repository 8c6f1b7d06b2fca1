import type { MetricName } from './metric.js';

/** The growth people accept of one metric. */
export interface Budget {
  readonly metric: MetricName;
  /** Base units per minute, above zero. */
  readonly growthPerMin: number;
  /** True when the user named it: then it decides, and it must be readable. */
  readonly explicit: boolean;
}
