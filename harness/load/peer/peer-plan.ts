import type { StubUpstreamPlan } from '../upstream-plan.js';
import type { ChainPlan } from './chain/make-chain.js';
import type { PeerIdentity } from './identity.js';

/** What every load on an ALFIS peer is made of. Arrivals do not wait for answers. */
export interface PeerLoadPlan {
  /** Operations per second: what one is, each plan says. */
  readonly ratePerSec: number;
  /** Rates over time instead of `ratePerSec`: bursts, `5s:100,1s:5000` (`parseRateFlow`). */
  readonly rateFlow?: string;
  readonly seed: number;
  /** An operation that the target has not dealt with after this long counts as timed out. */
  readonly timeoutMs: number;
  readonly identity: PeerIdentity;
  /** Hosts outside this machine that load may be sent to. @default none */
  readonly allowRemote?: readonly string[];
  /** What answers the DNS questions of a target that is a resolver as well; null for a target that asks none of us. */
  readonly upstream: StubUpstreamPlan | null;
}

/** One kind of what a burst of blocks is made of. */
export type BurstPart =
  /** Honest blocks in an order that is out by up to the depth, over and over. */
  | 'shuffled'
  /** Honest blocks in their order, every fifth left out. */
  | 'gap'
  /** Indexes beyond any chain, another one each time, in a block of ordinary size. */
  | 'far-future'
  /** The same, as large as a frame can be. */
  | 'maximal'
  /** Junk in the place of an honest block, with that block's hash. */
  | 'junk'
  /** No block but a Ping that claims a height beyond any chain; a peer beside the burst claims it all the time. */
  | 'lying-height';

/** Blocks that nobody asked for; an operation is one message. */
export interface BlockBurstPlan extends PeerLoadPlan {
  readonly kind: 'block-burst';
  /** Connections held at all times, each from an address of its own. */
  readonly connections: number;
  /** Weight of each part; those not named do not occur. */
  readonly parts: Readonly<Partial<Record<BurstPart, number>>>;
  /** Where honest blocks come from. */
  readonly chain: ChainPlan;
  /** How far out of order `shuffled` is, in blocks. */
  readonly depth: number;
}

/** Peers messages that nobody asked for; an operation is one message. */
export interface PeerExchangePlan extends PeerLoadPlan {
  readonly kind: 'peer-exchange';
  readonly connections: number;
  /** Addresses in each message, none of which comes twice. */
  readonly addressesPerFrame: number;
  /**
   * Which addresses: of this machine, where nobody listens; or of the benchmark network 198.18.0.0/15 (RFC 2544), for
   * a target that skips its own machine. A target may dial what it is told of, so the latter leave the machine.
   */
  readonly addresses: 'loopback' | 'benchmark';
}

/** What a connection of a churn does. */
export type ChurnMode =
  /** Shakes hands, and closes. */
  | 'handshake'
  /** Shakes hands, and stays like an honest peer that has nothing to tell. */
  | 'stay'
  /** Gives a hand of another version, for which it is banned. */
  | 'stranger'
  /** Connects and says nothing. */
  | 'silent'
  /** Says half of a hello. */
  | 'half'
  /** Exchanges keys, and says nothing after that. */
  | 'mute';

/** Peers that come and go; an operation is one connection. */
export interface PeerChurnPlan extends PeerLoadPlan {
  readonly kind: 'peer-churn';
  /** Weight of each mode; those not named do not occur. */
  readonly modes: Readonly<Partial<Record<ChurnMode, number>>>;
  /** Most connections open at a time; what goes beyond counts as dropped. */
  readonly maxConnections: number;
  /** How long a connection is held, unless the target closes it before; and how long one that stays. */
  readonly holdMs: number;
  readonly stayMs: number;
  /** Loopback addresses that connections come from, in turn. */
  readonly sources: number;
  /** The same for connections that stay: few addresses, so that a target that limits each has room for others. */
  readonly staySources: number;
}

/** Honest peers that the target is to sync from, while an attacker floods; an operation is a message of the attacker. */
export interface ChainSyncPlan extends PeerLoadPlan {
  readonly kind: 'chain-sync';
  /** The chain that all honest peers have. */
  readonly chain: ChainPlan;
  readonly peers: number;
  /** Answers that are held back at a time, so that they come out of order by up to so many blocks. */
  readonly depth: number;
  /** Part of the requests, 0 to 1, that never get an answer. */
  readonly loss: number;
  /** Longest that an answer is held back. */
  readonly delayMs: number;
  /** Connections of the attacker. */
  readonly connections: number;
  /** What the attacker sends. */
  readonly parts: BlockBurstPlan['parts'];
}

/** A load on a peer. */
export type PeerPlan = BlockBurstPlan | PeerExchangePlan | PeerChurnPlan | ChainSyncPlan;
