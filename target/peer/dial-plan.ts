import type { Clock } from '../clock.js';
import type { Endpoint } from '../endpoint.js';
import { formatEndpoint } from '../endpoint.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { NewPeers } from './new-peers.js';

interface Known {
  readonly endpoint: Endpoint;
  /** From the configuration: never given up. */
  readonly isConfigured: boolean;
  /** Dials in a row that came to nothing. */
  failures: number;
  /** Not dialled before, in ms of the node's clock; while a connection is open, never. */
  dueAtMs: number;
}

/** Peers that were found to be there, beside those of the configuration. */
const MAX_KNOWN = 64;
/** As many dials in a row may fail before a peer is given up, as in ALFIS. */
const MAX_FAILURES = 5;
const MAX_RETRY_MS = 60_000;
/** An address that turned out to be the node's own, or another one of a peer it has: worth a look now and then. */
const USELESS_MS = 600_000;

/**
 * Whom to dial next: peers of the configuration and those that were found to be there come first, each again after a
 * pause that doubles with every failure; then what others have told of.
 */
export class DialPlan {
  private readonly newPeers: NewPeers;
  private readonly retryMs: number;
  private readonly clock: Clock;
  private readonly known = new Map<string, Known>();

  constructor(configured: readonly Endpoint[], newPeers: NewPeers, retryMs: number, clock: Clock) {
    this.newPeers = newPeers;
    this.retryMs = retryMs;
    this.clock = clock;
    for (const endpoint of configured) {
      this.known.set(formatEndpoint(endpoint), { endpoint, isConfigured: true, failures: 0, dueAtMs: 0 });
    }
  }

  /** The next known peer that is due, or null; it counts as open until `closed` is told. */
  takeKnown(): Endpoint | null {
    const now = this.clock();
    for (const known of this.known.values()) {
      if (known.dueAtMs > now) continue;
      known.dueAtMs = Number.POSITIVE_INFINITY;
      return known.endpoint;
    }
    return null;
  }

  /** The next one of those that others told of, or null. */
  takeNew(): Endpoint | null {
    const endpoint = this.newPeers.take();
    return endpoint === null || this.known.has(formatEndpoint(endpoint)) ? null : endpoint;
  }

  /** The peer at this address has shaken hands. */
  ready(endpoint: Endpoint): void {
    const key = formatEndpoint(endpoint);
    const known = this.known.get(key);
    if (known !== undefined) {
      known.failures = 0;
      return;
    }
    this.known.set(key, { endpoint, isConfigured: false, failures: 0, dueAtMs: Number.POSITIVE_INFINITY });
    for (const [oldest, each] of this.known) {
      if (this.known.size <= MAX_KNOWN) return;
      if (!each.isConfigured) this.known.delete(oldest);
    }
  }

  /** The connection to this address is gone; `cameToUse` when the peer had shaken hands. */
  closed(endpoint: Endpoint, cameToUse: boolean): void {
    const key = formatEndpoint(endpoint);
    const known = this.known.get(key);
    if (known === undefined || known.dueAtMs !== Number.POSITIVE_INFINITY) return;
    if (!cameToUse) known.failures += 1;
    if (known.failures >= MAX_FAILURES && !known.isConfigured) this.known.delete(key);
    else known.dueAtMs = this.clock() + Math.min(MAX_RETRY_MS, this.retryMs * 2 ** known.failures);
  }

  /** There is no use in a connection to this address. */
  useless(endpoint: Endpoint): void {
    const key = formatEndpoint(endpoint);
    const known = this.known.get(key);
    if (known === undefined) return;
    if (known.isConfigured) known.dueAtMs = this.clock() + USELESS_MS;
    else this.known.delete(key);
  }

  structures(): readonly StructureSize[] {
    const configured = [...this.known.values()].filter(({ isConfigured }) => isConfigured).length;
    const limit = Math.max(MAX_KNOWN, configured);
    return [this.newPeers.size(), countedStructure('known_peers', this.known.size, limit)];
  }
}
