import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Peer } from './peer.js';

/** The connections to peers, of either direction. */
export class PeerTable {
  private readonly peers = new Map<number, Peer>();

  add(peer: Peer): void {
    this.peers.set(peer.number, peer);
  }

  remove(peer: Peer): void {
    this.peers.delete(peer.number);
  }

  get(number: number): Peer | null {
    return this.peers.get(number) ?? null;
  }

  all(): Iterable<Peer> {
    return this.peers.values();
  }

  /** Those that have shaken hands. */
  ready(): Peer[] {
    return [...this.peers.values()].filter(({ phase }) => phase === 'ready');
  }

  /** The one that called itself so; null when there is none. */
  named(randomId: string): Peer | null {
    for (const peer of this.peers.values()) {
      if (peer.phase === 'ready' && peer.introduction?.randomId === randomId) return peer;
    }
    return null;
  }

  hasAddress(address: string): boolean {
    for (const peer of this.peers.values()) if (peer.address === address) return true;
    return false;
  }

  outgoing(): Peer[] {
    return [...this.peers.values()].filter(({ isOutgoing }) => isOutgoing);
  }

  /** Highest claim of those that have shown that they deliver. */
  highestTrusted(): number {
    return Math.max(0, ...this.ready().map(({ trust, height }) => (trust > 0 ? height : 0)));
  }

  /** Highest claim of anybody. */
  highestClaim(): number {
    return Math.max(0, ...this.ready().map(({ height }) => height));
  }

  outgoingSize(limit: number): StructureSize {
    return countedStructure('outgoing_peers', this.outgoing().length, limit);
  }
}
