import type { PeerCounters } from '../peer/peer-counters.js';
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
  /** Left out when the node is no peer. */
  readonly chain?: ChainHealth;
}

/** What `GET /health` answers about the chain and the peers. */
export interface ChainHealth {
  readonly height: number;
  /** The highest chain that a peer which delivers blocks claims to have, or the node's own. */
  readonly max_height: number;
  /** Hash of the last block; null in an empty chain. */
  readonly tip: string | null;
  /** Hash of the first block; empty as long as it is not known. */
  readonly origin: string;
  /** Peers that have shaken hands. */
  readonly peers: number;
  readonly counters: PeerCounters;
}
