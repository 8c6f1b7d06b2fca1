/**
 * One operation of a user's traffic: resolve when the target answered rightly, resolve with `false` when its answer
 * was wrong, reject when it failed.
 */
export type Operation = (about: OperationInfo) => unknown;

export interface OperationInfo {
  /** 0, 1, 2, … over the whole run: for names and ids that must not repeat. */
  readonly sequence: number;
  /** Aborts when the operation has taken too long; then it counts as timed out, whatever becomes of it. */
  readonly signal: AbortSignal;
}

/** What a user's traffic is given each time load goes on. */
export interface TrafficContext {
  /** Where the target listens, by service, as it was given: `{ http: 'http://127.0.0.1:8080/' }`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** 1 in warm-up and the steady load behind it, one more after each drain. */
  readonly cycle: number;
  /** Operations per second asked for (`--rate`). */
  readonly ratePerSec: number;
  /** Numbers from 0 up to, not including, 1 that follow from the run's seed (`--seed`): the same in every run. */
  readonly random: () => number;
  /** Aborts when load goes off: begin nothing new, and return when what you wait for has ended. */
  readonly signal: AbortSignal;
  /**
   * Begins the operation over and over until load goes off: at the run's rate whatever became of the ones before
   * (open model, latency from the intended time), or with `--outstanding` so many at a time (closed model). Resolves
   * when the last one has ended.
   */
  repeat(operation: Operation): Promise<void>;
  /** Does the operation once, for traffic with a rhythm of its own. Never rejects: true when it was answered rightly. */
  attempt(operation: Operation): Promise<boolean>;
}

/**
 * A user's traffic. Called in the load process when load goes on, in warm-up and after each drain; called again when
 * it returns before load goes off. A rejection ends the run (exit 3), unless it is that of the aborted signal.
 */
export type Traffic = (context: TrafficContext) => Promise<void>;

/** Asks the target one question with a known answer, outside the counters; rejects when it is not given. */
export type TrafficProbe = (context: Pick<TrafficContext, 'addresses' | 'signal'>) => Promise<void>;

/** What the load process takes from a user's file. */
export interface TrafficScript {
  readonly traffic: Traffic;
  /** @default a TCP connection to the first address that is not UDP */
  readonly probe?: TrafficProbe;
}
