import { FALSE, MAJOR, NULL, TRUE } from './cbor-writer.js';

/** What was read is not what was expected, or is not CBOR at all. Its message is for the log. */
export class CborError extends Error {
  override readonly name = 'CborError';
}

/** Levels of arrays and maps in a value that is skipped; ours have two. */
const MAX_DEPTH = 8;
const ARGUMENT_BYTES: Readonly<Record<number, number>> = { 24: 1, 25: 2, 26: 4, 27: 8 };

/**
 * Reads CBOR (RFC 8949) item by item, in the order in which the caller expects them, so that what comes from a stranger
 * costs no more than what it is allowed to be: lengths are checked against the bytes that are there and against the
 * caller's limit before anything is made of them. Lengths have to be definite. Every method throws `CborError`.
 */
export class CborReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** True at the end of the bytes. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** True when the next item is a text. */
  get isAtText(): boolean {
    return this.bytes[this.at] !== undefined && (this.bytes[this.at] ?? 0) >> 5 === MAJOR.text;
  }

  /** A whole number from 0 to 2^64 - 1. */
  readU64(): bigint {
    const value = this.head(MAJOR.unsigned, 'a number');
    return BigInt(value);
  }

  /** A whole number from 0 to `max`, at most 2^53 - 1. */
  readUnsigned(max: number): number {
    const value = this.head(MAJOR.unsigned, 'a number');
    if (value > max) throw new CborError(`the number ${value} is above ${max}`);
    return Number(value);
  }

  /** A whole number of either sign, at most 2^53 - 1. */
  readInteger(): number {
    const isNegative = (this.peek() ?? 0) >> 5 === MAJOR.negative;
    const value = this.head(isNegative ? MAJOR.negative : MAJOR.unsigned, 'a number');
    if (value >= Number.MAX_SAFE_INTEGER) throw new CborError(`the number ${value} is too large`);
    return isNegative ? -1 - Number(value) : Number(value);
  }

  /** A text of at most `maxBytes` in UTF-8. */
  readText(maxBytes: number): string {
    const length = this.length(MAJOR.text, 'a text', maxBytes, 1);
    const start = this.at;
    this.at += length;
    return this.bytes.toString('utf8', start, this.at);
  }

  readBoolean(): boolean {
    const byte = this.peek();
    if (byte !== TRUE && byte !== FALSE) throw new CborError('expected true or false');
    this.at += 1;
    return byte === TRUE;
  }

  /** The number of pairs of the map that starts here, at most `max`. */
  readMap(max: number): number {
    return this.length(MAJOR.map, 'a map', max, 2);
  }

  /** The number of items of the array that starts here, at most `max`. */
  readArray(max: number): number {
    return this.length(MAJOR.array, 'an array', max, 1);
  }

  /** An array of numbers from 0 to 255, which is what serde makes of a `Vec<u8>`, as bytes; at most `max` of them. */
  readByteArray(max: number): Buffer {
    const length = this.readArray(max);
    const result = Buffer.allocUnsafeSlow(length);
    const { bytes } = this;
    let { at } = this;
    for (let index = 0; index < length; index += 1) {
      const first = bytes[at++] ?? 0xff;
      const value = first < 24 ? first : first === 24 ? (bytes[at++] ?? -1) : -1;
      if (value < 0) throw new CborError('expected an array of bytes');
      result[index] = value;
    }
    this.at = at;
    return result;
  }

  /** True, and read, when the next item is null. */
  readNull(): boolean {
    if (this.peek() !== NULL) return false;
    this.at += 1;
    return true;
  }

  /** Reads over one item, whatever it is. */
  skip(depth = 0): void {
    if (depth > MAX_DEPTH) throw new CborError('nested too deeply');
    const major = (this.peek() ?? 0) >> 5;
    if (major === MAJOR.array || major === MAJOR.map) {
      const perItem = major === MAJOR.map ? 2 : 1;
      const count = this.length(major, 'an item', this.bytes.length, perItem) * perItem;
      for (let index = 0; index < count; index += 1) this.skip(depth + 1);
    } else if (major === MAJOR.bytes || major === MAJOR.text) {
      const length = this.length(major, 'an item', this.bytes.length, 1);
      this.at += length;
    } else {
      this.head(major, 'an item');
      if (major === MAJOR.tag) this.skip(depth + 1);
    }
  }

  private peek(): number | undefined {
    return this.bytes[this.at];
  }

  /** A length that is at most `max` and that the bytes to come can hold, with `bytesEach` for the smallest item. */
  private length(major: number, what: string, max: number, bytesEach: number): number {
    const value = this.head(major, what);
    if (value > max) throw new CborError(`${what} of ${value}, where ${max} is the most`);
    const length = Number(value);
    if (length * bytesEach > this.bytes.length - this.at) throw new CborError(`${what} is cut short`);
    return length;
  }

  private head(major: number, what: string): number | bigint {
    const first = this.peek();
    if (first === undefined || first >> 5 !== major) throw new CborError(`expected ${what}`);
    const info = first & 0x1f;
    this.at += 1;
    if (info < 24) return info;
    const size = ARGUMENT_BYTES[info];
    if (size === undefined || this.at + size > this.bytes.length) throw new CborError(`${what} is cut short`);
    const start = this.at;
    this.at += size;
    return size === 8 ? this.bytes.readBigUInt64BE(start) : this.bytes.readUIntBE(start, size);
  }
}
