import { Buffer } from 'node:buffer';
import { type Section, SnapshotFormatError } from './section.js';

/** The strings of a snapshot, kept as the JSON text they came in and decoded when asked for. */
export interface StringTable {
  readonly length: number;
  /** The decoded string. */
  at(index: number): string;
  /** Its first byte in the file, `"` for the empty string: much cheaper than to decode it. */
  firstByte(index: number): number;
  /** About how many bytes it takes in the file, escapes and blanks behind it included. */
  byteLength(index: number): number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Positions are kept in 32 bits. */
const MAX_TEXT_BYTES = 0xffff_ffff;

/** A JSON list of strings; `expectedBytes` is how much of the file is left where that is known, else 0. */
export function createStringList(expectedBytes: number): Section & { table(): StringTable } {
  let text = new Uint8Array(Math.min(Math.max(expectedBytes, 1 << 16), MAX_TEXT_BYTES));
  let used = 0;
  let starts = new Uint32Array(1 << 16);
  let count = 0;
  let opened = false;
  let inString = false;
  let escaped = false;
  let done = false;

  function store(bytes: Uint8Array): void {
    if (used + bytes.length > MAX_TEXT_BYTES)
      throw new SnapshotFormatError('holds more than 4 GiB of strings');
    if (used + bytes.length > text.length) {
      const larger = new Uint8Array(Math.min(Math.max(text.length * 2, used + bytes.length), MAX_TEXT_BYTES));
      larger.set(text.subarray(0, used));
      text = larger;
    }
    text.set(bytes, used);
    used += bytes.length;
  }

  function begin(position: number): void {
    if (count === starts.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = position;
  }

  return {
    get done() {
      return done;
    },
    take(bytes, from, to) {
      let at = from;
      if (!opened) {
        if (bytes[at] !== OPEN) throw new SnapshotFormatError('lacks its list of strings');
        opened = true;
        at++;
      }
      const origin = used - from;
      while (at < to) {
        const byte = bytes[at++] as number;
        if (escaped) escaped = false;
        else if (inString) {
          if (byte === QUOTE) inString = false;
          else if (byte === BACKSLASH) escaped = true;
        } else if (byte === QUOTE) {
          inString = true;
          begin(origin + at);
        } else if (byte === CLOSE) {
          done = true;
          break;
        }
      }
      store(bytes.subarray(from, at));
      return at;
    },
    table: () => tableOf(Buffer.from(text.buffer, 0, used), starts.subarray(0, count), count),
  };
}

function tableOf(text: Buffer, starts: Uint32Array, length: number): StringTable {
  const startOf = (index: number): number => {
    if (index >= length) throw new RangeError(`string ${index} of ${length}`);
    return starts[index] as number;
  };
  return {
    length,
    firstByte: (index) => text[startOf(index)] as number,
    byteLength: (index) => (starts[index + 1] ?? text.length) - startOf(index),
    at(index) {
      const start = startOf(index);
      let end = start;
      let plain = true;
      while (text[end] !== QUOTE) {
        if (text[end] === BACKSLASH) {
          plain = false;
          end++;
        }
        end++;
      }
      const raw = text.toString('utf8', start, end);
      return plain ? raw : decode(raw);
    },
  };
}

/** A damaged escape makes a name look odd, nothing more. */
function decode(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}
