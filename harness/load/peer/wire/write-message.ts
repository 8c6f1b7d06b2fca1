import { encodeCbor, wholeNumber } from './cbor.js';
import type { Introduction, PeerMessage, U64 } from './message.js';

/**
 * A message in CBOR, byte for byte as serde_cbor writes ALFIS's enum: a variant without fields is its name, any other a
 * map of one entry from its name to its fields, in their order.
 */
export function writeMessage(message: PeerMessage): Buffer {
  switch (message.kind) {
    case 'Hand':
      return encodeCbor({ Hand: fieldsOf(message) });
    case 'Shake':
      return encodeCbor({ Shake: { ...fieldsOf(message), height: wholeNumber(message.height) } });
    case 'Ping':
    case 'Pong':
      return encodeCbor({ [message.kind]: { height: wholeNumber(message.height), hash: message.hash } });
    case 'Peers':
      return encodeCbor({ Peers: { peers: message.peers } });
    case 'GetBlock':
      return encodeCbor({ GetBlock: { index: wholeNumber(message.index) } });
    case 'Block':
      return writeBlockMessage(message.index, message.block);
    default:
      return encodeCbor(message.kind);
  }
}

function fieldsOf({ appVersion, origin, version, isPublic, randId }: Introduction): Record<string, unknown> {
  return { app_version: appVersion, origin, version, public: isPublic, rand_id: randId };
}

/** `{"Block": {"index":` and `, "block":` in CBOR. */
const BLOCK_HEAD = Buffer.concat([Buffer.of(0xa1), text('Block'), Buffer.of(0xa2), text('index')]);
const BLOCK_NAME = text('block');

/** Whole numbers below this take one byte of CBOR, bytes from it on two. */
const SHORT = 24;
const ONE_BYTE_FOLLOWS = 0x18;
const TWO_BYTES_FOLLOW = 0x99;
const SHORT_ARRAY = 0x80;

/**
 * A Block message. ALFIS sends the block's bytes as an array of whole numbers, of which a frame holds some 32 KiB; it
 * is written here by hand, since floods consist of it.
 */
export function writeBlockMessage(index: U64, block: Buffer): Buffer {
  const number = encodeCbor(wholeNumber(index));
  const head = [BLOCK_HEAD, number, BLOCK_NAME, arrayHead(block.length)];
  const message = Buffer.allocUnsafe(head.reduce((sum, { length }) => sum + length, 0) + arrayBytes(block));
  let at = 0;
  for (const part of head) at += part.copy(message, at);
  for (const byte of block) {
    if (byte >= SHORT) message[at++] = ONE_BYTE_FOLLOWS;
    message[at++] = byte;
  }
  return message;
}

function arrayBytes(block: Buffer): number {
  let bytes = block.length;
  for (const byte of block) if (byte >= SHORT) bytes++;
  return bytes;
}

function arrayHead(length: number): Buffer {
  if (length < SHORT) return Buffer.of(SHORT_ARRAY + length);
  if (length < 0x100) return Buffer.of(SHORT_ARRAY + ONE_BYTE_FOLLOWS, length);
  return Buffer.of(TWO_BYTES_FOLLOW, length >> 8, length & 0xff);
}

function text(word: string): Buffer {
  return encodeCbor(word);
}
