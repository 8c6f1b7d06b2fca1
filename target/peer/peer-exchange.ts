import { formatEndpoint, parseEndpoint } from '../endpoint.js';
import type { BannedIps } from './banned-ips.js';
import type { NewPeers } from './new-peers.js';
import type { Peer } from './peer.js';
import type { PeerTable } from './peer-table.js';
import { mayDial, type Reach } from './reach.js';

/** What the exchange of addresses works with. */
export interface ExchangeDeps {
  readonly newPeers: NewPeers;
  readonly peers: PeerTable;
  readonly banned: BannedIps;
  readonly reach: Reach;
}

/** As many connections does the node open itself. */
export const MAX_OUTGOING = 15;
/** Addresses in one answer, as in ALFIS. */
const MAX_TOLD = 10;
/** Where public nodes listen. */
export const PEER_PORT = 4244;

/** What peers tell each other of other peers. */
export class PeerExchange {
  private readonly deps: ExchangeDeps;

  constructor(deps: ExchangeDeps) {
    this.deps = deps;
  }

  /** True as long as the node looks for more peers. */
  isWanted(): boolean {
    return this.deps.peers.outgoing().length < MAX_OUTGOING;
  }

  /** Peers that can be reached from outside, for one that asks. */
  known(asking: Peer): string[] {
    const told = new Set<string>();
    for (const peer of this.deps.peers.ready()) {
      if (told.size >= MAX_TOLD) break;
      if (peer === asking || peer.introduction?.isPublic !== true) continue;
      told.add(formatEndpoint(peer.dialled ?? { address: peer.address, port: PEER_PORT }));
    }
    return [...told];
  }

  /** Takes what a peer tells of: addresses that may be dialled, that are not banned and not connected already. */
  told(teller: Peer, texts: readonly string[]): void {
    const { newPeers, peers, banned, reach } = this.deps;
    const endpoints = texts.slice(0, newPeers.mostAtOnce).flatMap((text) => {
      const endpoint = parseEndpoint(text, PEER_PORT);
      if (endpoint === null || !mayDial(endpoint, reach) || banned.has(endpoint.address)) return [];
      const isConnected = reach === 'loopback' ? this.isDialled(text) : peers.hasAddress(endpoint.address);
      return isConnected ? [] : [endpoint];
    });
    newPeers.offer(endpoints, teller.address);
  }

  /** On one machine, peers have one address and differ by their port. */
  private isDialled(text: string): boolean {
    return this.deps.peers
      .outgoing()
      .some(({ dialled }) => dialled !== null && formatEndpoint(dialled) === text);
  }
}
