import type { Endpoint } from '../endpoint.js';
import type { TtlCaps } from './answer.js';

/** A resolver to ask. */
export interface ForwarderAddress extends Endpoint {
  /** How it is asked; by UDP also over TCP when its answer was cut short. */
  readonly transport: 'udp' | 'tcp';
}

/** Settings of the forwarder. */
export interface ForwarderOptions {
  /** In order of preference. */
  readonly forwarders: readonly ForwarderAddress[];
  /** How long each one may take; the table's time-out too. */
  readonly timeoutMs: number;
  readonly ttlCaps: TtlCaps;
}
