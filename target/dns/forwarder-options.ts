import { type Endpoint, formatEndpoint } from '../endpoint.js';
import type { TtlCaps } from './answer.js';

/** A resolver with an address. */
export interface AddressedForwarder extends Endpoint {
  /** How it is asked; by UDP also over TCP when its answer was cut short. */
  readonly transport: 'udp' | 'tcp';
}

/** A resolver that is asked over HTTPS (RFC 8484). */
export interface DohForwarder {
  readonly transport: 'doh';
  /** With scheme `https`, or `http` for a host of loopback; the host a name or an address. */
  readonly url: string;
}

/** A resolver to ask. */
export type ForwarderAddress = AddressedForwarder | DohForwarder;

/** Settings of the forwarder. */
export interface ForwarderOptions {
  /** In order of preference. */
  readonly forwarders: readonly ForwarderAddress[];
  /** How long each one may take; the table's time-out too. */
  readonly timeoutMs: number;
  readonly ttlCaps: TtlCaps;
  /** Whether names are sent by UDP in letters of random case (0x20). */
  readonly mixesCase: boolean;
}

/** The text form, as in the file. */
export function formatForwarder(forwarder: ForwarderAddress): string {
  if (forwarder.transport === 'doh') return forwarder.url;
  return `${forwarder.transport === 'tcp' ? 'tcp://' : ''}${formatEndpoint(forwarder)}`;
}
