import type { Clock } from '../clock.js';

/**
 * How long a forwarder that refused EDNS is asked without it: RFC 6891 §6.2.2 allows "a brief time", and it costs
 * one more datagram to find out again.
 */
export const PLAIN_PERIOD_MS = 300_000;

/** Remembers which forwarders refuse queries with an OPT record. */
export class EdnsSupport {
  private readonly plainUntilMs: number[];
  private readonly clock: Clock;

  constructor(forwarders: number, clock: Clock) {
    this.plainUntilMs = Array.from({ length: forwarders }, () => Number.NEGATIVE_INFINITY);
    this.clock = clock;
  }

  /** Whether to send an OPT record to this forwarder. */
  isOffered(forwarder: number): boolean {
    return this.clock() >= (this.plainUntilMs[forwarder] ?? 0);
  }

  /** Notes that the forwarder answered a question without OPT whose form it had refused with OPT. */
  noteRefused(forwarder: number): void {
    this.plainUntilMs[forwarder] = this.clock() + PLAIN_PERIOD_MS;
  }
}
