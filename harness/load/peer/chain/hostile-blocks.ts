import { seededRandom } from '../../../core/random.js';
import { MAX_MESSAGE_BYTES } from '../wire/frames.js';
import { writeBlockMessage } from '../wire/write-message.js';
import { type Block, networkForm } from './block.js';

/** Blocks that cost their sender nothing: neither work nor signature, since a target that keeps them checks neither. */
export interface HostileBlocks {
  /** A Block message with an index far beyond any chain, another one each time, and an ordinary domain's size. */
  farFuture(): Buffer;
  /** The same with as much data as a frame holds. */
  maximal(): Buffer;
  /** Junk in the place of a real block, and with its hash. */
  junk(index: number, realHash: string): Buffer;
}

/** Beyond any chain, and beyond 32 bits: its CBOR always has the same length, so that it can be changed in place. */
const FAR = 2 ** 40;
/** Text of a domain with some records, as the seed's typical block of 1.5 KB has. */
const ORDINARY_TEXT = 'x'.repeat(300);
/** Text takes two bytes each in a frame; what is left out is the rest of the block and the message around it. */
const MAXIMAL_TEXT_BYTES = Math.floor(MAX_MESSAGE_BYTES / 2) - 1000;

/** `index` and `hash` as they stand in the network form, in front of their values: `1b` and 8 bytes, `78 40` and 64. */
const INDEX_NAME = Buffer.from('65696e6465781b', 'hex');
const HASH_NAME = Buffer.from('64686173687840', 'hex');
const HASH_CHARACTERS = 64;
const HEX = Buffer.from('0123456789ABCDEF');

export function createHostileBlocks(seed: number): HostileBlocks {
  const random = seededRandom(seed);
  const randomHex = (bytes: number): string => {
    const text = Buffer.allocUnsafe(bytes * 2);
    fillHex(text, random);
    return text.toString('latin1');
  };
  const block = (index: number, hash: string, info: string): Block => ({
    index,
    timestamp: 1_600_000_000,
    version: 1,
    difficulty: 24,
    random: random(),
    nonce: random(),
    hash,
    prev_block_hash: randomHex(32),
    pub_key: randomHex(32),
    signature: randomHex(64),
    transaction: {
      class: 'domain',
      identity: randomHex(32),
      confirmation: randomHex(32),
      signing: randomHex(32),
      encryption: randomHex(32),
      data: JSON.stringify({ encrypted: '', zone: 'srv', info, records: [], contacts: [] }),
    },
  });
  let sent = 0;
  /** One block, given another index and another hash each time: encoding it anew would cost ten times as much. */
  const renewed = (info: string): (() => Buffer) => {
    const form = networkForm(block(FAR, randomHex(32), info));
    const indexAt = form.indexOf(INDEX_NAME) + INDEX_NAME.length;
    const hashAt = form.indexOf(HASH_NAME) + HASH_NAME.length;
    const hash = form.subarray(hashAt, hashAt + HASH_CHARACTERS);
    return () => {
      const index = FAR + ++sent;
      form.writeBigUInt64BE(BigInt(index), indexAt);
      fillHex(hash, random);
      return writeBlockMessage(index, form);
    };
  };
  return {
    farFuture: renewed(ORDINARY_TEXT),
    maximal: renewed('x'.repeat(MAXIMAL_TEXT_BYTES)),
    junk: (index, realHash) => writeBlockMessage(index, networkForm(block(index, realHash, ORDINARY_TEXT))),
  };
}

function fillHex(text: Buffer, random: () => number): void {
  for (let at = 0; at < text.length; ) {
    let word = random();
    for (let digit = 0; digit < 8 && at < text.length; digit++) {
      text[at++] = HEX[word & 15] as number;
      word >>>= 4;
    }
  }
}
