import { seededRandom } from '../../core/random.js';
import { weightedDraw } from '../weighted-draw.js';
import { createHostileBlocks } from './chain/hostile-blocks.js';
import type { MadeChain } from './chain/make-chain.js';
import { LIE } from './liar.js';
import type { BlockBurstPlan, BurstPart } from './peer-plan.js';
import { shuffledIndexes } from './shuffle.js';
import { writeBlockMessage, writeMessage } from './wire/write-message.js';

const PARTS: readonly BurstPart[] = ['shuffled', 'gap', 'far-future', 'maximal', 'junk', 'lying-height'];

/** Of so many blocks in a row one is left out. */
const GAP_EVERY = 5;
/** Junk in the place of the first block would be refused for being no origin. */
const FIRST_JUNK = 2;

/**
 * Makes the messages of a burst of blocks, each part by its weight; the same seed makes the same.
 *
 * @throws HarnessError `usage` for weights that name no part
 */
export function burstMessages(
  { parts, depth, seed }: Pick<BlockBurstPlan, 'parts' | 'depth' | 'seed'>,
  chain: MadeChain,
): () => Buffer {
  const nextPart = weightedDraw('parts', PARTS, parts, seed);
  const hostile = createHostileBlocks(seed);
  const random = seededRandom(seed);
  const shuffled = shuffledIndexes(chain.height, depth, random);
  let inOrder = 0;
  let inJunk = FIRST_JUNK;
  let lies = 0;

  const honest = (index: number): Buffer => writeBlockMessage(index, chain.block(index) as Buffer);
  const afterGap = (): number => {
    inOrder = (inOrder % chain.height) + 1;
    if (inOrder % GAP_EVERY === 0 && inOrder < chain.height) inOrder++;
    return inOrder;
  };
  const junk = (): Buffer => {
    inJunk = inJunk >= chain.height ? FIRST_JUNK : inJunk + 1;
    return hostile.junk(inJunk, chain.hash(inJunk) as string);
  };

  return () => {
    switch (nextPart()) {
      case 'shuffled':
        return honest(shuffled());
      case 'gap':
        return honest(afterGap());
      case 'far-future':
        return hostile.farFuture();
      case 'maximal':
        return hostile.maximal();
      case 'junk':
        return junk();
      case 'lying-height':
        return writeMessage({ kind: 'Ping', height: LIE + ++lies, hash: chain.tip });
    }
  };
}
