import { Transform } from 'node:stream';
import { SnapshotFormatError } from '../snapshot/section.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;

/** The last key of a snapshot; before it there are numbers and the header, in which this does not occur. */
const STRINGS = Buffer.from('"strings":[');

/** What stands for a string that is taken out. */
const STRIPPED = Buffer.from('(stripped)');

type Place = 'before' | 'between' | 'inside' | 'closing' | 'behind';

/** The text of a snapshot with every string replaced that is not spared; `spared` holds 1 for each that stays. */
export function stripStrings(spared: Uint8Array): Transform {
  let place: Place = 'before';
  /** How much of `STRINGS` the text ends with. */
  let matched = 0;
  let index = -1;
  let escaped = false;

  /** Goes on from `from` to where the place changes, and says where that is. */
  function pass(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (place === 'before') {
        // The key repeats nothing of its own beginning but the first quote.
        matched = byte === STRINGS[matched] ? matched + 1 : byte === QUOTE ? 1 : 0;
        if (matched === STRINGS.length) return enter('between', at + 1);
      } else if (place === 'between') {
        if (byte === CLOSE) return enter('behind', at + 1);
        if (byte === QUOTE) return enter('inside', at + 1);
      } else if (place === 'closing') {
        return enter('between', at + 1);
      } else if (place === 'inside') {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) return enter('closing', at);
      }
    }
    return bytes.length;
  }

  function enter(next: Place, at: number): number {
    if (next === 'inside') index++;
    place = next;
    return at;
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const kept: Buffer[] = [];
      for (let at = 0; at < chunk.length; ) {
        const stripped = place === 'inside' && spared[index] !== 1;
        const to = pass(chunk, at);
        if (!stripped) kept.push(chunk.subarray(at, to));
        else if (place === 'closing') kept.push(STRIPPED);
        at = to;
      }
      done(null, Buffer.concat(kept));
    },
    flush: (done) => {
      done(
        place === 'before' ? new SnapshotFormatError('has no list of strings that could be stripped') : null,
      );
    },
  });
}
