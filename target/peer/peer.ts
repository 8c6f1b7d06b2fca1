import type { Held } from '../dns/connection-table.js';
import type { Endpoint } from '../endpoint.js';
import type { PeerLink } from './peer-link.js';
import type { Sender } from './unasked-messages.js';
import type { Introduction } from './wire/message.js';

/** How far a connection has come: it is opened, the hello is awaited, Hand or Shake is awaited, it is in use. */
export type PeerPhase = 'connecting' | 'hello' | 'keyed' | 'ready';

/** One peer as the node knows it, for as long as its connection lasts. */
export class Peer implements Held, Sender {
  /** Numbers connections from 1. */
  readonly number: number;
  readonly isOutgoing: boolean;
  /** Its IP address. */
  readonly address: string;
  /** Where it was dialled; null when it called. */
  readonly dialled: Endpoint | null;
  phase: PeerPhase;
  /** Since when it is in this phase, in ms of the node's clock. */
  sinceMs: number;
  /** When its last message came. */
  heardAtMs: number;
  /** When it gets the next Ping, unless something is said before. */
  pingAtMs = 0;
  /** What it said of itself; null before Hand or Shake. */
  introduction: Introduction | null = null;
  /** Height that it claims. */
  height = 0;
  strikes = 0;
  /** Whether it was asked for addresses and has not answered. */
  owesPeers = false;
  /** As many blocks may be asked of it at a time; 0 until it has shown that it delivers. */
  trust = 0;
  /** When it was last asked to show that, in ms of the node's clock; null when it never was. */
  probedAtMs: number | null = null;
  private opened: PeerLink | null = null;

  constructor(
    number: number,
    origin: { readonly address: string; readonly dialled: Endpoint | null },
    nowMs: number,
  ) {
    this.number = number;
    this.address = origin.address;
    this.dialled = origin.dialled;
    this.isOutgoing = origin.dialled !== null;
    this.phase = this.isOutgoing ? 'connecting' : 'hello';
    this.sinceMs = nowMs;
    this.heardAtMs = nowMs;
  }

  get link(): PeerLink {
    if (this.opened === null) throw new Error('the peer has no link yet');
    return this.opened;
  }

  set link(link: PeerLink) {
    this.opened = link;
  }

  /** For the table of connections: whoever has shaken hands is not put out for a newcomer. */
  get openQueries(): number {
    return this.phase === 'ready' ? 1 : 0;
  }

  get queryCount(): number {
    return this.phase === 'keyed' ? 1 : 0;
  }

  enter(phase: PeerPhase, nowMs: number): void {
    this.phase = phase;
    this.sinceMs = nowMs;
  }

  destroy(): void {
    this.opened?.destroy();
  }
}
