import { Encoder } from 'cbor-x';
import type { U64 } from './message.js';

/** As serde_cbor writes: maps with definite, shortest lengths, no record extension, no tags. */
const encoder = new Encoder({ useRecords: false, variableMapSize: true, tagUint8Array: false });

const MAX_U32 = 0xffff_ffff;

export function encodeCbor(value: unknown): Buffer {
  // The encoder hands out a part of a buffer that it goes on using.
  return Buffer.from(encoder.encode(value));
}

/** Throws for bytes that are not CBOR, or more than one value. */
export function decodeCbor(bytes: Buffer): unknown {
  return encoder.decode(bytes);
}

/** What makes the encoder write a whole number in its shortest form: beyond 32 bits it takes a `number` for a float. */
export function wholeNumber(value: U64): U64 {
  return value > MAX_U32 ? BigInt(value) : Number(value);
}
