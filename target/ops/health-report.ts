import type { Counters } from './counters.js';
import type { StructureSize } from './structure.js';

/** What `GET /health` answers, and `GET /metrics` in another form. */
export interface Health {
  readonly status: 'healthy';
  readonly uptime_sec: number;
  readonly version: string;
  /** Every long-lived collection of the node. */
  readonly structures: readonly StructureSize[];
  readonly counters: Counters;
}
