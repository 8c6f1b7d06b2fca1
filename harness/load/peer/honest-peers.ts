import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { seededRandom } from '../../core/random.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { type MadeChain, makeChain } from './chain/make-chain.js';
import { introduce, type PeerIdentity } from './identity.js';
import { acceptPeer, dialPeer, type PeerConnection } from './peer-connection.js';
import type { ChainSyncPlan } from './peer-plan.js';
import { createShuffledDelivery } from './shuffled-delivery.js';
import { sourceAddresses } from './source-addresses.js';
import { createSyncRecord, type SyncProgress } from './sync-progress.js';
import type { PeerMessage, U64 } from './wire/message.js';
import { createPeerKeys } from './wire/peer-keys.js';

/** Honest peers with one chain, which they serve out of order, late and with losses. */
export interface HonestPeers {
  /** Where a target may call one of them, e.g. `127.0.0.1:40000`. */
  readonly address: string;
  readonly chain: MadeChain;
  /** Who they are: of the plan's origin, or where it has none, of their own chain's. */
  readonly identity: PeerIdentity;
  /** Each calls the target, and again when that ends the connection. */
  call(target: LoopbackAddress): void;
  progress(): SyncProgress;
  /** Ends all connections; safe to call twice. */
  close(): void;
}

/** How often each tells its height, which ALFIS asks for blocks after. */
const PING_EVERY_MS = 1000;
const CALL_AGAIN_MS = 500;

/** Makes the chain and listens on a port of its own. */
export async function startHonestPeers(plan: ChainSyncPlan): Promise<HonestPeers> {
  const chain = makeChain(plan.chain);
  const identity = { ...plan.identity, origin: plan.identity.origin || chain.origin };
  const keys = createPeerKeys();
  const random = seededRandom(plan.seed);
  const delivery = createShuffledDelivery({ depth: plan.depth, delayMs: plan.delayMs, random });
  const record = createSyncRecord(chain);
  const open = new Set<PeerConnection>();
  const callsToCome = new Set<NodeJS.Timeout>();
  let isClosed = false;

  const ownHeight = { height: chain.height, hash: chain.tip };
  const giveBlock = (peer: PeerConnection, index: U64): void => {
    record.asked(index);
    const block = chain.block(Number(index));
    if (block === null) return;
    if (random() / 2 ** 32 < plan.loss) {
      record.lost();
      return;
    }
    delivery.hold(() => {
      peer.send({ kind: 'Block', index, block });
      record.served();
    });
  };
  const answer = (peer: PeerConnection, message: PeerMessage): void => {
    switch (message.kind) {
      case 'Hand':
        peer.send({ kind: 'Shake', ...introduce(identity), height: chain.height });
        break;
      case 'Shake':
        // Hand has no height in it: the target learns from this that there is something to be had.
        peer.send({ kind: 'Ping', ...ownHeight });
        break;
      case 'Ping':
        record.told(message.height, message.hash);
        peer.send({ kind: 'Pong', ...ownHeight });
        break;
      case 'Pong':
        record.told(message.height, message.hash);
        break;
      case 'GetPeers':
        peer.send({ kind: 'Peers', peers: [] });
        break;
      case 'GetBlock':
        giveBlock(peer, message.index);
        break;
    }
  };

  const call = (target: LoopbackAddress, from: string | null): void => {
    const peer: PeerConnection = dialPeer(
      { to: target, from, keys },
      {
        onKeyed: () => peer.send({ kind: 'Hand', ...introduce(identity) }),
        onMessage: (message) => answer(peer, message),
        onClose() {
          open.delete(peer);
          if (isClosed) return;
          const again = setTimeout(() => {
            callsToCome.delete(again);
            call(target, from);
          }, CALL_AGAIN_MS);
          callsToCome.add(again);
        },
      },
    );
    open.add(peer);
  };
  const accept = (socket: Socket): void => {
    const peer: PeerConnection = acceptPeer(socket, keys, {
      onKeyed: () => undefined,
      onMessage: (message) => answer(peer, message),
      onClose: () => open.delete(peer),
    });
    open.add(peer);
  };

  const server = createServer(accept).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pings = setInterval(() => {
    for (const peer of open) peer.send({ kind: 'Ping', ...ownHeight });
  }, PING_EVERY_MS);

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    chain,
    identity,
    call(target) {
      const nextSource = sourceAddresses('honest', target);
      for (let k = 0; k < plan.peers; k++) call(target, nextSource());
    },
    progress: record.progress,
    close() {
      isClosed = true;
      clearInterval(pings);
      for (const again of callsToCome) clearTimeout(again);
      delivery.close();
      server.close();
      for (const peer of open) peer.close();
    },
  };
}
