import { type Section, SnapshotFormatError } from './section.js';

/** Bytes that a chunk may have: each number takes two at least, so so many halves are the numbers of a chunk. */
export const CHUNK_BYTES = 1 << 20;

const DIGIT_ZERO = 0x30;
/** Distance from '0' of the other bytes that a list of numbers is made of. */
const COMMA = 0x2c - DIGIT_ZERO;
const OPEN = 0x5b - DIGIT_ZERO;
const CLOSE = 0x5d - DIGIT_ZERO;
const NEWLINE = 0x0a - DIGIT_ZERO;
const BLANKS = new Set([0x20, 0x0d, 0x09].map((byte) => byte - DIGIT_ZERO));

/** Where a scan stands between two chunks. */
interface ScanState {
  readonly values: Float64Array;
  /** Numbers in `values`. */
  count: number;
  /** The number that a chunk's end cut in two, and whether any digit of it was seen (1 or 0). */
  value: number;
  digits: number;
  done: boolean;
}

/**
 * A list of whole numbers that stand for records of `width` each. `emit` is given whole records in a buffer that is
 * used again. Throws `SnapshotFormatError` for anything else in the list, a record cut short included.
 */
export function createNumberList(
  width: number,
  emit: (values: Float64Array, records: number) => void,
): Section {
  const values = new Float64Array(CHUNK_BYTES / 2 + width + 1);
  const state: ScanState = { values, count: 0, value: 0, digits: 0, done: false };
  let opened = false;
  return {
    get done() {
      return state.done;
    },
    take(bytes, from, to) {
      let at = from;
      if (!opened) {
        if ((bytes[at] as number) - DIGIT_ZERO !== OPEN)
          throw new SnapshotFormatError('lacks a list of numbers');
        opened = true;
        at++;
      }
      at = scan(state, bytes, at, to);
      const records = Math.floor(state.count / width);
      emit(values, records);
      values.copyWithin(0, records * width, state.count);
      state.count -= records * width;
      if (state.done && state.count > 0) {
        throw new SnapshotFormatError('ends a list of numbers in the middle of a record');
      }
      return at;
    },
  };
}

/** The hot loop: every byte of the file's numbers goes through it, so it works on local variables only. */
function scan(state: ScanState, bytes: Uint8Array, from: number, to: number): number {
  const { values } = state;
  let { value, digits, count } = state;
  let at = from;
  while (at < to) {
    const digit = (bytes[at++] as number) - DIGIT_ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digits = 1;
    } else if (digit === COMMA && digits > 0) {
      values[count++] = value;
      value = 0;
      digits = 0;
    } else if (digit === CLOSE) {
      if (digits > 0) values[count++] = value;
      state.done = true;
      break;
    } else if (digit !== NEWLINE && !BLANKS.has(digit)) {
      throw new SnapshotFormatError('holds something that is no whole number where numbers belong');
    }
  }
  state.value = value;
  state.digits = digits;
  state.count = count;
  return at;
}
