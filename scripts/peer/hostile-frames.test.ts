import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../harness/core/random.js';
import { makeChain } from '../../harness/load/peer/chain/make-chain.js';
import { createFrameReader, openSealed } from '../../harness/load/peer/wire/frames.js';
import { readMessage } from '../../harness/load/peer/wire/read-message.js';
import { createHostileFrames, type FrameKind } from './hostile-frames.js';

const SESSION = { key: randomBytes(32), nonce: randomBytes(12) };
const chain = makeChain({ blocks: 20, difficulty: 1, seed: 1 });
const nextFrames = createHostileFrames(chain, 1, seededRandom(1));
const calls = Array.from({ length: 400 }, () => nextFrames(SESSION));
const framesOf = (kind: FrameKind): Buffer[] =>
  calls.flatMap((frames) => frames.filter((frame) => frame.kind === kind).map(({ bytes }) => bytes));

/** The messages of a frame, as an honest peer reads it; throws for what is none. */
function read(bytes: Buffer): string[] {
  const kinds: string[] = [];
  createFrameReader((sealed) => kinds.push(readMessage(openSealed(SESSION, sealed)).kind))(bytes);
  return kinds;
}

describe('frames of an attacker', () => {
  it('begin with a Hand, or with what must not come before it', () => {
    for (const [first, ...rest] of calls) {
      const kinds = read(first?.bytes ?? Buffer.alloc(0));
      expect(kinds).toHaveLength(1);
      if (first?.kind === 'hand') expect(kinds).toEqual(['Hand']);
      else expect([kinds.includes('Hand'), rest.length]).toEqual([false, 0]);
    }
  });

  it('go on with messages that can be read, and end with one broken frame', () => {
    for (const frames of calls.filter(([first]) => first?.kind === 'hand')) {
      for (const { bytes } of frames.slice(0, -1)) expect(read(bytes)).toHaveLength(1);
      expect(['changed', 'wrong-tag', 'empty', 'enormous', 'noise']).toContain(frames.at(-1)?.kind);
    }
  });

  it('are broken in the way they say', () => {
    for (const bytes of framesOf('wrong-tag')) expect(() => read(bytes)).toThrow('cannot be deciphered');
    for (const bytes of framesOf('empty')) expect(() => read(bytes)).toThrow('an empty frame');
    for (const bytes of framesOf('enormous')) expect(read(bytes)).toEqual([]);
    const changed = framesOf('changed').map((bytes) => () => read(bytes));
    const failed = changed.filter((each) => {
      try {
        each();
        return false;
      } catch {
        return true;
      }
    });
    expect(failed.length).toBeGreaterThan(changed.length / 2);
  });
});
