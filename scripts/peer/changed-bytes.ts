import { pick } from '../../harness/load/peer/shuffle.js';

const MAX_CHANGES = 4;
const MAX_RUN_BYTES = 8;
const CHANGES = ['flip', 'set', 'remove', 'repeat', 'insert', 'cut'] as const;

/**
 * A copy with up to four changes, few more often than many, drawn from a generator of 32-bit numbers; it may be as it
 * was, or empty.
 */
export function changedBytes(bytes: Buffer, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const count = 1 + pick(1 + pick(MAX_CHANGES, random), random);
  for (let left = count; left > 0; left--) result = changedOnce(result, random);
  return result;
}

/** So many bytes, drawn as well. */
export function drawnBytes(count: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random() & 0xff));
}

function changedOnce(bytes: Buffer, random: () => number): Buffer<ArrayBuffer> {
  const at = pick(bytes.length + 1, random);
  const end = Math.min(bytes.length, at + 1 + pick(MAX_RUN_BYTES, random));
  const [before, run, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (CHANGES[pick(CHANGES.length, random)]) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] as number) ^ (1 << pick(8, random));
      return flipped;
    }
    case 'set':
      return Buffer.concat([before, Buffer.alloc(run.length, random() & 0xff), after]);
    case 'remove':
      return Buffer.concat([before, after]);
    case 'repeat':
      return Buffer.concat([before, run, run, after]);
    case 'insert':
      return Buffer.concat([before, drawnBytes(1 + pick(MAX_RUN_BYTES, random), random), run, after]);
    default:
      return Buffer.from(before);
  }
}
