import type { MetricName } from './metric.js';

/** The growth people accept of one metric. */
export interface Budget {
  readonly metric: MetricName;
  /** Base units per minute, above zero. */
  readonly growthPerMin: number;
  /** True when the user named it: then it decides, and it must be readable. */
  readonly explicit: boolean;
}

/** A level of one metric that ends the run: enough was seen, and the machine must not suffer. */
export interface Ceiling {
  readonly metric: MetricName;
  /** In base units, above zero. */
  readonly value: number;
  /** True when the user named it; else it protects the machine. */
  readonly explicit: boolean;
}
