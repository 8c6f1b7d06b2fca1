/** An authoritative server that the load process runs on loopback for the target to ask. */
export interface StubUpstreamPlan {
  /** Zones it answers for, any name below them; names outside get REFUSED. */
  readonly zones: readonly string[];
  /** TTL of every answer in seconds. */
  readonly ttlSec: number;
  /** Delay of every answer in milliseconds. */
  readonly latencyMs: number;
  /** Part of the names, 0 to 1, that never get an answer; chosen by the seed, the same on each run. */
  readonly loss: number;
  /** True: no question is answered at all. */
  readonly silent: boolean;
}

/** Open-loop DNS questions over UDP: arrivals do not wait for answers. */
export interface DnsUdpFloodPlan {
  readonly kind: 'dns-udp-flood';
  readonly ratePerSec: number;
  /** Names are made below this zone. */
  readonly zone: string;
  readonly seed: number;
  /** A question counts as timed out after this long. */
  readonly timeoutMs: number;
  /** Rcodes that are a correct answer; `NOERROR` is checked down to its rdata. */
  readonly acceptedRcodes: readonly ('NOERROR' | 'NXDOMAIN' | 'SERVFAIL')[];
  readonly upstream: StubUpstreamPlan;
}

/** One HTTP request over and over, open loop. */
export interface HttpFloodPlan {
  readonly kind: 'http-flood';
  readonly ratePerSec: number;
  readonly seed: number;
  /** A request counts as timed out after this long, the wait for a free connection included. */
  readonly timeoutMs: number;
  /** Connections held at most. */
  readonly connections: number;
  readonly request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Null for none. */
    readonly body: string | null;
  };
}

/** A load tool of the user's, started and stopped with the phases. */
export interface CommandLoadPlan {
  readonly kind: 'command';
  readonly command: readonly [string, ...string[]];
  /** Told to the command; what it makes of it is its own affair. */
  readonly ratePerSec: number;
  readonly seed: number;
  /** How long it may take to end. */
  readonly timeoutMs: number;
}

/** Nothing: the target is driven elsewhere. */
export interface NoLoadPlan {
  readonly kind: 'none';
}

/** A load of ours, every operation of which is counted. */
export type CountingPlan = DnsUdpFloodPlan | HttpFloodPlan;

/** What the load process is told to do; data only, so that it crosses a process boundary. */
export type ProcessPlan = CountingPlan | CommandLoadPlan;

/** What comes at the target. */
export type LoadPlan = ProcessPlan | NoLoadPlan;
