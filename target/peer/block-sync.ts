import type { Clock } from '../clock.js';
import type { StructureSize } from '../ops/structure.js';
import { BlockRequests } from './block-requests.js';
import type { FutureBlocks } from './future-blocks.js';
import type { Peer } from './peer.js';
import type { PeerCounters } from './peer-counters.js';
import type { PeerTable } from './peer-table.js';

/** Settings of the synchronisation. */
export interface SyncOptions {
  /** How long a peer has to send a block. */
  readonly timeoutMs: number;
  /** Blocks that are asked of one peer at a time, once it has shown that it delivers. */
  readonly requestsPerPeer: number;
  /** Blocks asked for at a time, of all peers together. */
  readonly requests: number;
  /** How far above the chain blocks are asked for. */
  readonly window: number;
}

/** What the synchronisation works with. */
export interface SyncDeps {
  readonly chain: { readonly height: number };
  readonly intake: { isBusyWith(index: number): boolean };
  readonly future: FutureBlocks;
  readonly peers: PeerTable;
  readonly clock: Clock;
  readonly counters: PeerCounters;
}

/** A peer that has sent nothing yet owes no more than this: one that claims and does not deliver holds up little. */
const FIRST_REQUESTS = 4;
/** After so many misses in a row a peer's claims are not believed, for as long as so many answers may take. */
const MAX_MISSED = 4;
const DISTRUST_TIMEOUTS = 6;

/**
 * Asks peers for the blocks that are missing: the lowest ones first, each of one peer at a time, the peer that owes
 * least next. What does not come in time is asked of another one. A height is only a claim: whoever does not deliver
 * loses it.
 */
export class BlockSync {
  private readonly options: SyncOptions;
  private readonly deps: SyncDeps;
  private readonly requests: BlockRequests;

  constructor(options: SyncOptions, deps: SyncDeps) {
    this.options = options;
    this.deps = deps;
    this.requests = new BlockRequests(options.timeoutMs, options.requests, deps.clock, (index, from) =>
      this.onLate(index, from),
    );
  }

  /** Asks for as much as there is room for. */
  plan(): void {
    const { chain, intake, future, peers, clock } = this.deps;
    const now = clock();
    const able = peers.ready().filter((each) => each.distrustedUntilMs <= now && each.height > chain.height);
    if (able.length === 0) return;
    const claimed = Math.max(...able.map(({ height }) => height));
    const last = Math.min(claimed, chain.height + this.options.window);
    let room = this.room();
    for (let index = chain.height + 1; index <= last; index += 1) {
      if (future.has(index) || this.requests.isOpen(index) || intake.isBusyWith(index)) continue;
      // The next block is asked for whatever the room: without it there will be none.
      if (room <= 0 && index > chain.height + 1) return;
      const peer = this.leastBusy(able, index);
      if (peer === null) return;
      this.ask(index, peer);
      room -= 1;
    }
  }

  /** Asks one peer for one block, wherever it is in the chain, unless that block is on its way. */
  ask(index: number, peer: Peer): void {
    if (this.requests.isOpen(index) || peer.link.send({ kind: 'GetBlock', index }) !== 'sent') return;
    this.requests.add(index, peer.number);
    this.deps.counters.blocksAsked += 1;
  }

  /** Keeps an index from being asked for while something that it depends on is on its way. */
  hold(index: number): void {
    this.requests.hold(index);
  }

  /** Notes a block that came; true when this peer was asked for it. */
  answered(index: number, peer: Peer): boolean {
    if (!this.requests.answered(index, peer.number)) return false;
    peer.delivered += 1;
    // Late is not never: a peer that was only slow has its word back.
    [peer.missed, peer.distrustedUntilMs] = [0, 0];
    return true;
  }

  /** The peer is gone. */
  forget(peer: Peer): void {
    this.requests.forget(peer.number);
  }

  structures(): readonly StructureSize[] {
    return [this.deps.future.size(), this.requests.structure()];
  }

  close(): void {
    this.requests.close();
  }

  /** How many more blocks may be under way, so that each finds its place when it comes. */
  private room(): number {
    const byRequests = this.options.requests - this.requests.size;
    const kept = this.deps.future.room();
    return kept === null ? byRequests : Math.min(byRequests, kept - this.requests.size);
  }

  private leastBusy(able: readonly Peer[], index: number): Peer | null {
    let best: Peer | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const peer of able) {
      const owed = this.requests.outstandingOf(peer.number);
      const most = Math.min(this.options.requestsPerPeer, FIRST_REQUESTS + peer.delivered);
      if (peer.height < index || owed >= most || owed >= least) continue;
      [best, least] = [peer, owed];
    }
    return best;
  }

  private onLate(index: number, from: number | null): void {
    const peer = from === null ? null : this.deps.peers.get(from);
    this.deps.counters.blocksLate += from === null ? 0 : 1;
    if (peer !== null) {
      peer.missed += 1;
      // Only what was sent by the peer itself makes a block of the past needed: its block may lead nowhere.
      if (peer.missed >= MAX_MISSED || index <= this.deps.chain.height) {
        [peer.distrustedUntilMs, peer.missed] = [
          this.deps.clock() + DISTRUST_TIMEOUTS * this.options.timeoutMs,
          0,
        ];
      }
    }
    this.plan();
  }
}
