/** Major types of CBOR (RFC 8949 §3.1), in the upper three bits of an item's first byte. */
export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;
export const FALSE = 0xf4;
export const TRUE = 0xf5;
export const NULL = 0xf6;

const FIRST_BUFFER_BYTES = 512;
const MAX_HEAD_BYTES = 9;

/**
 * Writes as much of CBOR as ALFIS's serde_cbor does: every length definite, every number in its shortest form
 * (RFC 8949 §4.2.1).
 */
export class CborWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
  private at = 0;

  unsigned(value: number | bigint): this {
    return this.head(MAJOR.unsigned, value);
  }

  /** A whole number of either sign. */
  integer(value: number): this {
    return value >= 0 ? this.unsigned(value) : this.head(MAJOR.negative, -1 - value);
  }

  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.head(MAJOR.text, length);
    this.reserve(length);
    this.at += this.buffer.write(value, this.at);
    return this;
  }

  /** Starts an array of so many items, which have to follow. */
  array(length: number): this {
    return this.head(MAJOR.array, length);
  }

  /** Starts a map of so many pairs, which have to follow. */
  map(length: number): this {
    return this.head(MAJOR.map, length);
  }

  boolean(value: boolean): this {
    this.reserve(1);
    this.at = this.buffer.writeUInt8(value ? TRUE : FALSE, this.at);
    return this;
  }

  /** Bytes as an array of numbers, which is what serde makes of a `Vec<u8>`: two bytes for each from 24 on. */
  byteArray(bytes: Uint8Array): this {
    this.array(bytes.length);
    this.reserve(bytes.length * 2);
    let { at } = this;
    for (const byte of bytes) {
      if (byte >= 24) this.buffer[at++] = 24;
      this.buffer[at++] = byte;
    }
    this.at = at;
    return this;
  }

  /** What was written, in a buffer of its own. */
  finish(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.at));
  }

  private head(major: number, value: number | bigint): this {
    this.reserve(MAX_HEAD_BYTES);
    const { buffer } = this;
    const type = major << 5;
    if (value < 24) this.at = buffer.writeUInt8(type | Number(value), this.at);
    else if (value < 0x100) this.at = buffer.writeUInt8(Number(value), buffer.writeUInt8(type | 24, this.at));
    else if (value < 0x1_0000)
      this.at = buffer.writeUInt16BE(Number(value), buffer.writeUInt8(type | 25, this.at));
    else if (value < 0x1_0000_0000)
      this.at = buffer.writeUInt32BE(Number(value), buffer.writeUInt8(type | 26, this.at));
    else this.at = buffer.writeBigUInt64BE(BigInt(value), buffer.writeUInt8(type | 27, this.at));
    return this;
  }

  private reserve(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}
