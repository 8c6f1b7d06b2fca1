import { CborError } from '../cbor/cbor-reader.js';
import type { Block } from '../chain/block.js';
import { decodeBlock } from '../chain/block-codec.js';
import type { Chain } from '../chain/chain.js';
import type { Clock } from '../clock.js';
import type { BlockIntake } from './block-intake.js';
import type { BlockSync } from './block-sync.js';
import type { Greeting } from './greeting.js';
import type { Peer } from './peer.js';
import type { PeerCounters } from './peer-counters.js';
import type { PeerExchange } from './peer-exchange.js';
import type { UnaskedMessages } from './unasked-messages.js';
import type { Message } from './wire/message.js';

/** What a conversation works with. */
export interface ConversationDeps {
  readonly chain: Chain;
  readonly sync: BlockSync;
  readonly intake: BlockIntake;
  readonly greeting: Greeting;
  readonly exchange: PeerExchange;
  readonly unasked: UnaskedMessages;
  readonly clock: Clock;
  readonly counters: PeerCounters;
  /** Closes the connection and has nothing to do with its address for a while. */
  ban(peer: Peer, reason: string): void;
}

/** What the node does with each message of a peer. */
export class Conversation {
  private readonly deps: ConversationDeps;

  constructor(deps: ConversationDeps) {
    this.deps = deps;
  }

  /** Deals with a message. ALFIS takes any message at any time; here, whoever has not shaken hands is not talked to. */
  hear(peer: Peer, message: Message): void {
    const { greeting, exchange, clock, counters } = this.deps;
    counters.messages += 1;
    peer.heardAtMs = clock();
    if (peer.phase !== 'ready') {
      if (greeting.hear(peer, message)) this.begin(peer);
      return;
    }
    switch (message.kind) {
      case 'Ping':
        if (!this.compare(peer, message.height, message.hash)) this.say(peer, this.report('Pong'));
        break;
      case 'Pong':
        this.compare(peer, message.height, message.hash);
        break;
      case 'GetPeers':
        this.say(peer, { kind: 'Peers', peers: exchange.known(peer) });
        break;
      case 'Peers':
        if (peer.owesPeers || this.isTaken(peer)) exchange.told(peer, message.peers);
        peer.owesPeers = false;
        break;
      case 'GetBlock':
        this.giveBlock(peer, message.index);
        break;
      case 'Block':
        this.takeBlock(peer, message.index, message.block);
        break;
      case 'Twin':
      case 'Loop':
        peer.destroy();
        break;
      case 'Hand':
      case 'Shake':
      case 'Error':
        break;
    }
  }

  /** Tells a peer how far the chain is. */
  ping(peer: Peer): void {
    this.say(peer, this.report('Ping'));
  }

  /** Asks a peer for addresses. */
  askForPeers(peer: Peer): void {
    peer.owesPeers = true;
    this.say(peer, { kind: 'GetPeers' });
  }

  private begin(peer: Peer): void {
    if (this.deps.exchange.isWanted()) this.askForPeers(peer);
    // Hand does not tell the caller's height, so it is asked for at once; the caller has ours from Shake.
    if (!peer.isOutgoing) this.ping(peer);
    this.deps.sync.plan();
  }

  private report(kind: 'Ping' | 'Pong'): Message {
    const { height, tip } = this.deps.chain;
    return { kind, height, hash: tip?.hash ?? '' };
  }

  private say(peer: Peer, message: Message): void {
    if (peer.link.send(message) !== 'sent') this.deps.counters.unsent += 1;
  }

  /** Compares a peer's chain with ours; true when something was asked of it, which is an answer, too. */
  private compare(peer: Peer, height: number, hash: string): boolean {
    const { chain, sync } = this.deps;
    peer.height = height;
    const before = this.deps.counters.blocksAsked;
    if (height > chain.height) sync.plan();
    else if (height === chain.height && height > 1 && hash !== chain.tip?.hash) sync.ask(height, peer);
    return this.deps.counters.blocksAsked > before;
  }

  private giveBlock(peer: Peer, index: number): void {
    const block = this.deps.chain.readBytes(index);
    // ALFIS closes the connection; whoever asks too early finds out soon enough.
    if (block !== null) this.say(peer, { kind: 'Block', index, block });
  }

  private takeBlock(peer: Peer, index: number, bytes: Buffer): void {
    const { sync, intake, counters } = this.deps;
    counters.blocksReceived += 1;
    const isAsked = sync.answered(index, peer);
    if (!isAsked && !this.isTaken(peer)) return;
    const block = this.decode(peer, bytes);
    if (block === null) return;
    if (block.index !== index) this.deps.ban(peer, `sent block ${block.index} as ${index}`);
    else intake.take(block, peer.number, isAsked);
    if (isAsked) sync.plan();
  }

  private decode(peer: Peer, bytes: Buffer): Block | null {
    try {
      return decodeBlock(bytes);
    } catch (error) {
      if (!(error instanceof CborError)) throw error;
      this.deps.ban(peer, `sent a block that is none: ${error.message}`);
      return null;
    }
  }

  private isTaken(peer: Peer): boolean {
    const judgement = this.deps.unasked.judge(peer);
    if (judgement === 'take') return true;
    this.deps.counters.unasked += 1;
    if (judgement === 'ban') this.deps.ban(peer, 'sends what nobody asked for');
    return false;
  }
}
