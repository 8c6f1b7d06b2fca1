import type { LoopbackAddress } from '../../harness/load/loopback-address.js';
import type { MadeChain } from '../../harness/load/peer/chain/make-chain.js';
import { DEFAULT_IDENTITY, introduce } from '../../harness/load/peer/identity.js';
import { dialPeer } from '../../harness/load/peer/peer-connection.js';
import type { PeerMessage } from '../../harness/load/peer/wire/message.js';
import type { PeerKeys } from '../../harness/load/peer/wire/peer-keys.js';
import { writeBlockMessage } from '../../harness/load/peer/wire/write-message.js';
import { changedBytes } from './changed-bytes.js';

/** A liar, and what it lies with. */
export interface BlockLie {
  readonly to: LoopbackAddress;
  readonly from: string | null;
  readonly keys: PeerKeys;
  /** Longer than the node's: the blocks that the node wants next are in it. */
  readonly chain: MadeChain;
  /** Another chain, as good as the node's: its last blocks are proven and lead nowhere. */
  readonly rival: MadeChain;
  readonly kind: 'higher' | 'rival';
  readonly random: () => number;
}

/** The node has asked by then, or does not want to. */
const PATIENCE_MS = 1000;
const MAX_BLOCKS = 12;

/**
 * Shakes hands, claims a chain that the node lacks, and answers what it is asked for: with the next blocks of the chain,
 * their bytes changed, or with those of the rival. Only so are blocks read and checked that nobody honest made. Resolves
 * when the connection is gone to how many frames were sent, the Hand included; to 0 when the node did not shake hands.
 */
export function lieAboutBlocks({ to, from, keys, chain, rival, kind, random }: BlockLie): Promise<number> {
  return new Promise((resolve) => {
    let frames = 0;
    let blocks = 0;
    let isShaken = false;
    const hear = (message: PeerMessage): void => {
      if (message.kind === 'Shake') {
        isShaken = true;
        const height = Number(message.height);
        frames++;
        if (kind === 'rival') connection.send({ kind: 'Ping', height, hash: rival.tip });
        else connection.send({ kind: 'Ping', height: chain.height, hash: chain.tip });
      } else if (message.kind === 'GetBlock') {
        give(Number(message.index));
      }
    };
    const give = (index: number): void => {
      const block = (kind === 'rival' ? rival : chain).block(index);
      if (block === null || blocks === MAX_BLOCKS) {
        connection.close();
        return;
      }
      blocks++;
      frames++;
      connection.sendEncoded(
        writeBlockMessage(index, kind === 'rival' ? block : changedBytes(block, random)),
      );
    };
    const connection = dialPeer(
      { to, from, keys },
      {
        onKeyed() {
          frames++;
          connection.send({ kind: 'Hand', ...introduce(DEFAULT_IDENTITY) });
        },
        onMessage: hear,
        onClose() {
          clearTimeout(timer);
          resolve(isShaken ? frames : 0);
        },
      },
    );
    const timer = setTimeout(() => connection.close(), PATIENCE_MS);
  });
}
