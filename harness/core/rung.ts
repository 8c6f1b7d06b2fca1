import type { MetricName } from './metric.js';
import type { RunOutcome } from './verdict.js';

/** One run of the ladder: a server that leaks one thing at an exact rate, and what must come of it. */
export interface Rung {
  /** What leaks: `heap`, `external`, `native` or `fd`. */
  readonly leak: string;
  /** The metric that must show it. */
  readonly metric: MetricName;
  /** The growth that is promised to be told from none, per minute in the metric's base unit. */
  readonly floorPerMin: number;
  /** The leak's rate in floors: 0.5 must not fail, 2 must, 1 may do either. */
  readonly share: number;
}

/** What a rung came to. */
export interface RungResult {
  readonly rung: Rung;
  readonly outcome: RunOutcome;
  /** Whether that is what is promised; null when the run could not tell and had to. */
  readonly asPromised: boolean | null;
  /** One sentence: what showed it, or what is missing. */
  readonly message: string;
  /** From the target's being ready to the last reading that the fail rests on; null where its metric did not fail. */
  readonly detectedMs: number | null;
  /** As measured, per minute, with half of its 90 % interval; null where too little was read. */
  readonly growthPerMin: number | null;
  readonly halfWidthPerMin: number | null;
  readonly tookMs: number;
  readonly folder: string;
}

/** The name of a rung, as `--only` takes it: `heap/0.5`. */
export function rungName({ leak, share }: Rung): string {
  return `${leak}/${share}`;
}
