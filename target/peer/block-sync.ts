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

/**
 * Asks peers for the blocks that are missing: the lowest ones first, each of one peer at a time, the peer that owes
 * least for what it is trusted with next. What does not come in time is asked of another one.
 *
 * A height is only a claim. Whoever claims more than the node has is first asked for the one block that is needed next,
 * which others may be asked for as well, so that it holds up nothing by not answering. With every block that a peer
 * delivers it is trusted with one more at a time, and each one that does not come in time halves that.
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
    const { chain, intake, future, peers } = this.deps;
    const higher = peers.ready().filter(({ height }) => height > chain.height);
    for (const peer of higher) if (peer.trust === 0) this.probe(peer);
    const trusted = higher.filter(({ trust }) => trust > 0);
    if (trusted.length === 0) return;
    const claimed = Math.max(...trusted.map(({ height }) => height));
    const last = Math.min(claimed, chain.height + this.options.window);
    let room = this.room();
    for (let index = chain.height + 1; index <= last; index += 1) {
      if (future.has(index) || this.requests.isOpen(index) || intake.isBusyWith(index)) continue;
      // The next block is asked for whatever the room: without it there will be none.
      if (room <= 0 && index > chain.height + 1) return;
      const peer = this.leastBusy(trusted, index);
      if (peer === null) return;
      this.ask(index, peer);
      room -= 1;
    }
  }

  /** Asks one peer for one block, wherever it is in the chain, unless that block is on its way. */
  ask(index: number, peer: Peer): void {
    if (!this.requests.isOpen(index) && this.send(index, peer)) this.requests.add(index, peer.number);
  }

  /** Keeps an index from being asked for while something that it depends on is on its way. */
  hold(index: number): void {
    this.requests.hold(index);
  }

  /** Notes a block that came; true when this peer was asked for it, however long ago. */
  answered(index: number, peer: Peer): boolean {
    if (!this.requests.answered(index, peer.number)) return false;
    peer.trust = Math.min(this.options.requestsPerPeer, peer.trust + 1);
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

  private probe(peer: Peer): void {
    const now = this.deps.clock();
    if (peer.probedAtMs !== null && now - peer.probedAtMs < this.options.timeoutMs) return;
    const index = this.deps.chain.height + 1;
    if (!this.send(index, peer)) return;
    peer.probedAtMs = now;
    this.requests.remember(index, peer.number);
  }

  private send(index: number, peer: Peer): boolean {
    if (peer.link.send({ kind: 'GetBlock', index }) !== 'sent') return false;
    this.deps.counters.blocksAsked += 1;
    return true;
  }

  /** How many more blocks may be under way, so that each finds its place when it comes. */
  private room(): number {
    const byRequests = this.options.requests - this.requests.size;
    const kept = this.deps.future.room();
    return kept === null ? byRequests : Math.min(byRequests, kept - this.requests.size);
  }

  /** The peer that owes the smallest part of what it is trusted with; null when none is trusted with more. */
  private leastBusy(trusted: readonly Peer[], index: number): Peer | null {
    let best: Peer | null = null;
    let least = 1;
    for (const peer of trusted) {
      const part = this.requests.outstandingOf(peer.number) / peer.trust;
      if (peer.height < index || part >= least) continue;
      [best, least] = [peer, part];
    }
    return best;
  }

  private onLate(index: number, from: number | null): void {
    const { chain, peers, counters } = this.deps;
    if (from !== null) {
      counters.blocksLate += 1;
      const peer = peers.get(from);
      // Only what a peer sent itself makes a block of the past needed: without that one, its block leads nowhere.
      if (peer !== null) peer.trust = index <= chain.height ? 0 : Math.floor(peer.trust / 2);
    }
    this.plan();
  }
}
