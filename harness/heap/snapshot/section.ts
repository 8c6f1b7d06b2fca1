/** A part of a file that arrives in chunks, and is done when its closing bracket was taken. */
export interface Section {
  readonly done: boolean;
  /** Takes bytes from `from` up to `to`; returns where it stopped: at `to`, or behind its closing bracket. */
  take(bytes: Uint8Array, from: number, to: number): number;
}

/** What a file holds that no heap snapshot does; the message goes on from the file's name. */
export class SnapshotFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SnapshotFormatError';
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [LIST_OPEN, LIST_CLOSE] = [0x5b, 0x5d];
const [OBJECT_OPEN, OBJECT_CLOSE] = [0x7b, 0x7d];

/** Any bracketed JSON value, without looking inside; `keep` is given its bytes chunk by chunk. */
export function createPassedOver(keep: (bytes: Uint8Array) => void = () => undefined): Section {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let done = false;
  return {
    get done() {
      return done;
    },
    take(bytes, from, to) {
      let at = from;
      while (at < to && !done) {
        const byte = bytes[at++] as number;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inString = false;
        } else if (byte === QUOTE) {
          inString = true;
        } else if (byte === LIST_OPEN || byte === OBJECT_OPEN) {
          depth++;
        } else if (byte === LIST_CLOSE || byte === OBJECT_CLOSE) {
          depth--;
          done = depth <= 0;
        } else if (depth === 0) {
          throw new SnapshotFormatError('holds a value that is neither a list nor an object');
        }
      }
      keep(bytes.subarray(from, at));
      return at;
    },
  };
}

/** A list of numbers without lists in it, passed over as fast as memory can be searched. */
export function createPassedOverNumbers(): Section {
  let done = false;
  return {
    get done() {
      return done;
    },
    take(bytes, from, to) {
      const end = bytes.subarray(0, to).indexOf(LIST_CLOSE, from);
      done = end >= 0;
      return done ? end + 1 : to;
    },
  };
}
