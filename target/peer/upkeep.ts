import { randomInt } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { BlockSync } from './block-sync.js';
import type { Conversation } from './conversation.js';
import type { DialPlan } from './dial-plan.js';
import type { Dialler } from './dialler.js';
import type { Peer, PeerPhase } from './peer.js';
import type { PeerCounters } from './peer-counters.js';
import { MAX_OUTGOING } from './peer-exchange.js';
import type { PeerTable } from './peer-table.js';

/** How long things may take, in milliseconds. */
export interface UpkeepOptions {
  /** How long a peer may be in each phase; in `ready`, how long it may be silent. */
  readonly limitsMs: Readonly<Record<PeerPhase, number>>;
  /** Pause between two pings, to which up to as much again is added at random. */
  readonly pingMs: number;
  /** Pause between two dials of addresses that others told of. */
  readonly dialMs: number;
}

/** What the upkeep works with. */
export interface UpkeepDeps {
  readonly chain: { readonly height: number };
  readonly peers: PeerTable;
  readonly plan: DialPlan;
  readonly dialler: Dialler;
  readonly conversation: Conversation;
  readonly sync: BlockSync;
  readonly clock: Clock;
  readonly counters: PeerCounters;
}

/** How often the node looks after its peers, as in ALFIS. */
const TICK_MS = 500;

/** What has to be done from time to time: time-outs, pings, dials, and asking for blocks. */
export class Upkeep {
  private readonly options: UpkeepOptions;
  private readonly deps: UpkeepDeps;
  private readonly timer: NodeJS.Timeout;
  private dialledAtMs: number;
  private announced: number;

  constructor(options: UpkeepOptions, deps: UpkeepDeps) {
    this.options = options;
    this.deps = deps;
    this.dialledAtMs = deps.clock();
    this.announced = deps.chain.height;
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.dialKnown();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = this.deps.clock();
    for (const peer of this.deps.peers.all()) this.closeSilent(peer, now);
    for (const peer of this.deps.peers.ready()) this.pingIdle(peer, now);
    this.announce();
    this.dialKnown();
    if (now - this.dialledAtMs >= this.options.dialMs) this.dialNew(now);
    this.deps.sync.plan();
  }

  private closeSilent(peer: Peer, now: number): void {
    const from = peer.phase === 'ready' ? peer.heardAtMs : peer.sinceMs;
    if (now - from < this.options.limitsMs[peer.phase]) return;
    this.deps.counters.timedOut += 1;
    peer.destroy();
  }

  private pingIdle(peer: Peer, now: number): void {
    const { pingMs } = this.options;
    if (peer.pingAtMs === 0) peer.pingAtMs = now + pingMs + randomInt(pingMs);
    if (peer.pingAtMs > now) return;
    peer.pingAtMs = 0;
    // As in ALFIS, half of the pings ask for addresses instead, as long as there are too few peers.
    const asks = this.deps.peers.outgoing().length < MAX_OUTGOING && randomInt(2) === 0;
    if (asks) this.deps.conversation.askForPeers(peer);
    else this.deps.conversation.ping(peer);
  }

  /** Tells those that are behind of new blocks. */
  private announce(): void {
    const { chain, peers, conversation } = this.deps;
    if (chain.height === this.announced) return;
    this.announced = chain.height;
    for (const peer of peers.ready()) if (peer.height < chain.height) conversation.ping(peer);
  }

  private dialKnown(): void {
    const { peers, plan, dialler } = this.deps;
    while (peers.outgoing().length < MAX_OUTGOING) {
      const endpoint = plan.takeKnown();
      if (endpoint === null) return;
      dialler.dial(endpoint);
    }
  }

  private dialNew(now: number): void {
    const { peers, plan, dialler } = this.deps;
    if (peers.outgoing().length >= MAX_OUTGOING) return;
    this.dialledAtMs = now;
    const endpoint = plan.takeNew();
    if (endpoint !== null) dialler.dial(endpoint);
  }
}
