import { randomInt } from 'node:crypto';
import { CHAIN_VERSION } from '../chain/block.js';
import type { Clock } from '../clock.js';
import type { Peer } from './peer.js';
import type { PeerTable } from './peer-table.js';
import type { Introduction, Message } from './wire/message.js';

/** What shaking hands works with. */
export interface GreetingDeps {
  readonly chain: { readonly height: number; readonly origin: string };
  readonly isPublic: boolean;
  readonly peers: PeerTable;
  readonly clock: Clock;
  ban(peer: Peer, reason: string): void;
  /** There is no use in connections to where this one was dialled. */
  useless(peer: Peer): void;
  /** The connection is in use from now on. */
  ready(peer: Peer): void;
}

/** The version of ALFIS whose protocol this is: peers of another major or minor version have nothing to do with it. */
const APP_VERSION = '0.8.8';
const COMPATIBLE = /^0\.8(\.|$)/;
const ID_LENGTH = 6;
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Shaking hands: the caller sends Hand, the one who was called Shake, and both know with whom they have to do. */
export class Greeting {
  /** The node's name for as long as it runs. */
  readonly randomId = Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join(
    '',
  );
  private readonly deps: GreetingDeps;

  constructor(deps: GreetingDeps) {
    this.deps = deps;
  }

  /** The session has its key. */
  open(peer: Peer): void {
    peer.enter('keyed', this.deps.clock());
    if (peer.isOutgoing) peer.link.send({ kind: 'Hand', ...this.introduction() });
  }

  /** Deals with a message of a peer that has not shaken hands; true when it has now. */
  hear(peer: Peer, message: Message): boolean {
    if (message.kind === 'Hand' && !peer.isOutgoing) this.hearHand(peer, message);
    else if (message.kind === 'Shake' && peer.isOutgoing) this.hearShake(peer, message, message.height);
    else if (message.kind === 'Twin' || message.kind === 'Loop') this.endUseless(peer);
    else peer.destroy();
    return peer.introduction !== null;
  }

  private hearHand(peer: Peer, introduction: Introduction): void {
    if (introduction.randomId === this.randomId) {
      peer.link.send({ kind: 'Loop' });
      peer.link.end();
      return;
    }
    if (!this.isCompatible(peer, introduction)) return;
    const twin = this.deps.peers.named(introduction.randomId);
    if (twin !== null && !this.prefers(peer, twin, introduction)) {
      peer.link.send({ kind: 'Twin' });
      peer.link.end();
      return;
    }
    const { height } = this.deps.chain;
    peer.link.send({ kind: 'Shake', ...this.introduction(), height });
    this.accept(peer, introduction);
  }

  private hearShake(peer: Peer, introduction: Introduction, height: number): void {
    if (!this.isCompatible(peer, introduction)) return;
    const twin = this.deps.peers.named(introduction.randomId);
    if (twin !== null && !this.prefers(peer, twin, introduction)) {
      peer.link.send({ kind: 'Twin' });
      this.endUseless(peer);
      return;
    }
    peer.height = height;
    this.accept(peer, introduction);
  }

  /**
   * Of two connections between the same nodes, which each may have opened at the same moment, both keep the one that was
   * opened by the node whose name is lower; then the other one is closed here.
   */
  private prefers(peer: Peer, twin: Peer, { randomId }: Introduction): boolean {
    if (peer.isOutgoing === twin.isOutgoing) return false;
    if (peer.isOutgoing !== this.randomId < randomId) return false;
    twin.destroy();
    return true;
  }

  private isCompatible(peer: Peer, { appVersion, version, origin }: Introduction): boolean {
    const own = this.deps.chain.origin;
    const isOwnChain = origin === '' || own === '' || origin === own;
    if (COMPATIBLE.test(appVersion) && version === CHAIN_VERSION && isOwnChain) return true;
    const reason = isOwnChain ? `has version ${appVersion} of chain version ${version}` : 'has another chain';
    this.deps.ban(peer, reason);
    return false;
  }

  private accept(peer: Peer, introduction: Introduction): void {
    peer.introduction = introduction;
    peer.enter('ready', this.deps.clock());
    this.deps.ready(peer);
  }

  private endUseless(peer: Peer): void {
    this.deps.useless(peer);
    peer.link.end();
  }

  private introduction(): Introduction {
    const { chain, isPublic } = this.deps;
    const { randomId } = this;
    return { appVersion: APP_VERSION, origin: chain.origin, version: CHAIN_VERSION, isPublic, randomId };
  }
}
