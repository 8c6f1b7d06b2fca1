/** An authoritative server that the load process runs on loopback for the target to ask, over UDP and TCP. */
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
  /** True: it is dead for as long as the load is on, and comes back with the end of it. @default false */
  readonly outage?: boolean;
  /**
   * True: no answer is quite like the one before, as where an upstream counts TTLs down or a CDN answers: the TTL is
   * any from 1 to `ttlSec`, and the owner comes in letters of any case. @default false
   */
  readonly churn?: boolean;
  /** Part of the names whose answer over UDP is cut short (TC), so that they are asked again over TCP. @default 0 */
  readonly truncated?: number;
  /** Part of the names that never get an answer over TCP, though the connection stands. @default 0 */
  readonly stalled?: number;
  /** Every name is an alias of so many others below the zone, whose data do not come with it. @default 0 */
  readonly aliases?: number;
}
