import type { Socket } from 'node:net';
import { Branches, MAX_BRANCH_BLOCKS } from '../chain/branches.js';
import type { Chain } from '../chain/chain.js';
import type { Clock } from '../clock.js';
import { type Endpoint, formatEndpoint } from '../endpoint.js';
import type { Log } from '../ops/log.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { BannedIps } from './banned-ips.js';
import { BlockIntake, type IntakeListener } from './block-intake.js';
import { BlockSync, type SyncOptions } from './block-sync.js';
import { Conversation } from './conversation.js';
import { DialPlan } from './dial-plan.js';
import { Dialler } from './dialler.js';
import type { FutureBlocks } from './future-blocks.js';
import { Greeting } from './greeting.js';
import type { InboundPeers } from './inbound-peers.js';
import type { NewPeers } from './new-peers.js';
import { Peer } from './peer.js';
import { createPeerCounters } from './peer-counters.js';
import { MAX_OUTGOING, PeerExchange } from './peer-exchange.js';
import { PeerLink } from './peer-link.js';
import { PeerTable } from './peer-table.js';
import type { Reach } from './reach.js';
import type { SeenBlocks } from './seen-blocks.js';
import type { UnaskedMessages } from './unasked-messages.js';
import { Upkeep, type UpkeepOptions } from './upkeep.js';
import { createAgreementKey } from './wire/key-agreement.js';
import type { Message } from './wire/message.js';

/** Settings of the node as a peer. */
export interface PeerOptions {
  /** Peers that are dialled whatever others say. */
  readonly peers: readonly Endpoint[];
  /** Whether the node says that it can be reached from outside. */
  readonly isPublic: boolean;
  readonly reach: Reach;
  readonly sync: SyncOptions;
  readonly upkeep: UpkeepOptions;
}

/** The parts of which there is more than one kind. */
export interface PeerParts {
  readonly banned: BannedIps;
  readonly inbound: InboundPeers;
  readonly newPeers: NewPeers;
  readonly seen: SeenBlocks;
  readonly future: FutureBlocks;
  readonly unasked: UnaskedMessages;
}

/** What the node as a peer works with. */
export interface PeerDeps {
  readonly chain: Chain;
  readonly clock: Clock;
  readonly log: Log;
}

/** The node among its peers: every connection, from the moment it is opened until it is gone. */
export class PeerNetwork {
  readonly counters = createPeerCounters();
  private readonly parts: PeerParts;
  private readonly deps: PeerDeps;
  private readonly peers = new PeerTable();
  private readonly branches = new Branches();
  private readonly key = createAgreementKey();
  private readonly plan: DialPlan;
  private readonly sync: BlockSync;
  private readonly intake: BlockIntake;
  private readonly greeting: Greeting;
  private readonly conversation: Conversation;
  private readonly upkeep: Upkeep;
  private lastNumber = 0;

  constructor(options: PeerOptions, parts: PeerParts, deps: PeerDeps) {
    this.parts = parts;
    this.deps = deps;
    const { chain, clock } = deps;
    const { counters, peers } = this;
    const { banned, newPeers, future, seen, unasked } = parts;
    const ban = (peer: Peer, reason: string): void => this.ban(peer, reason);
    this.plan = new DialPlan(options.peers, newPeers, options.upkeep.dialMs, clock);
    this.intake = new BlockIntake(
      { chain, branches: this.branches, future, seen, counters },
      this.listener(),
    );
    this.sync = new BlockSync(options.sync, { chain, intake: this.intake, future, peers, clock, counters });
    this.greeting = new Greeting({
      chain,
      isPublic: options.isPublic,
      peers,
      clock,
      ban,
      useless: ({ dialled }) => dialled !== null && this.plan.useless(dialled),
      ready: ({ dialled }) => dialled !== null && this.plan.ready(dialled),
    });
    const exchange = new PeerExchange({ newPeers, peers, banned, reach: options.reach });
    const { sync, intake, greeting } = this;
    this.conversation = new Conversation({
      chain,
      sync,
      intake,
      greeting,
      exchange,
      unasked,
      clock,
      counters,
      ban,
    });
    const dialler = new Dialler({
      banned,
      counters,
      onOpening: (socket, endpoint) => this.open(socket, { address: endpoint.address, dialled: endpoint }),
      onRefused: (endpoint) => this.plan.closed(endpoint, false),
    });
    const { plan, conversation } = this;
    const upkeepDeps = { chain, peers, plan, dialler, conversation, sync, clock, counters };
    this.upkeep = new Upkeep(options.upkeep, upkeepDeps);
  }

  /** Takes a connection that another node opened, unless there is no room for it. */
  accept(socket: Socket): void {
    // A reset is a peer's way of leaving; the close that follows is all there is to know.
    socket.on('error', () => undefined);
    // An IPv4 address on an IPv6 socket is that IPv4 address (RFC 4291 §2.5.5.2).
    const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
    if (address === undefined || this.parts.banned.has(address)) socket.resetAndDestroy();
    else this.open(socket, { address, dialled: null });
  }

  /** The highest chain that a peer says to have that has shown that it delivers, or the node's own. */
  get maxHeight(): number {
    return Math.max(this.deps.chain.height, this.peers.highestTrusted());
  }

  /** How many peers have shaken hands. */
  get readyCount(): number {
    return this.peers.ready().length;
  }

  structures(): readonly StructureSize[] {
    const { inbound, banned, seen } = this.parts;
    return [
      inbound.size(),
      this.peers.outgoingSize(MAX_OUTGOING),
      banned.size(),
      ...this.plan.structures(),
      ...this.sync.structures(),
      seen.size(),
      countedStructure('branch_blocks', this.branches.size, MAX_BRANCH_BLOCKS),
    ];
  }

  /** Closes every connection; resolves when the chain is written. */
  async close(): Promise<void> {
    this.upkeep.close();
    this.sync.close();
    for (const peer of this.peers.all()) peer.destroy();
    await this.intake.close();
  }

  private open(
    socket: Socket,
    origin: { readonly address: string; readonly dialled: Endpoint | null },
  ): void {
    const { inbound } = this.parts;
    const { counters } = this;
    this.lastNumber += 1;
    const peer = new Peer(this.lastNumber, origin, this.deps.clock());
    peer.link = new PeerLink(socket, peer.isOutgoing, this.key, {
      onKeyed: () => this.greeting.open(peer),
      onMessage: (message) => this.hear(peer, message),
      onGarbage: (reason) => this.onGarbage(peer, reason),
    });
    if (!peer.isOutgoing) {
      const admission = inbound.admit(peer);
      if (admission === 'refused') {
        counters.refused += 1;
        socket.resetAndDestroy();
        return;
      }
      counters.accepted += 1;
      if (admission === 'admitted-for-another') counters.evicted += 1;
    }
    this.peers.add(peer);
    if (peer.isOutgoing) socket.once('connect', () => peer.enter('hello', this.deps.clock()));
    socket.once('close', () => this.onClose(peer));
  }

  /** An error of ours ends the connection that it came by, and nothing else. */
  private hear(peer: Peer, message: Message): void {
    try {
      this.conversation.hear(peer, message);
    } catch (error) {
      this.onError(error);
      peer.destroy();
    }
  }

  private onError(error: unknown): void {
    this.counters.internalErrors += 1;
    const what = error instanceof Error ? error.stack : String(error);
    this.deps.log.warn('chain', `internal error: ${what}`);
  }

  private onClose(peer: Peer): void {
    this.peers.remove(peer);
    if (!peer.isOutgoing) this.parts.inbound.remove(peer);
    if (peer.dialled !== null) this.plan.closed(peer.dialled, peer.introduction !== null);
    this.sync.forget(peer);
    this.sync.plan();
  }

  private onGarbage(peer: Peer, reason: string): void {
    this.counters.garbage += 1;
    this.deps.log.warn('peers', `closed a peer at ${peer.address} that sent ${reason}`);
  }

  private ban(peer: Peer, reason: string): void {
    this.counters.bans += 1;
    const where = peer.dialled === null ? peer.address : formatEndpoint(peer.dialled);
    this.deps.log.warn('peers', `banned the peer at ${where}: it ${reason}`);
    this.parts.banned.ban(peer.address);
    peer.destroy();
  }

  private listener(): IntakeListener {
    return {
      onBad: (from) => {
        const peer = this.peers.get(from);
        if (peer !== null) this.ban(peer, 'sent a block that breaks the rules');
      },
      onMissing: (index, from, held) => {
        const peer = this.peers.get(from);
        if (peer === null) return;
        this.sync.ask(index, peer);
        this.sync.hold(held);
      },
      onWorse: (from) => {
        const peer = this.peers.get(from);
        if (peer !== null) this.conversation.ping(peer);
      },
      onChanged: () => {
        // As in ALFIS: a claim of less, or none at all, does not say that nothing is to come.
        if (this.deps.chain.height === this.peers.highestClaim()) this.parts.future.clear();
        this.sync.plan();
      },
      onError: (error) => this.onError(error),
    };
  }
}
