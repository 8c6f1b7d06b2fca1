import type { Block } from './chain/block.js';
import { encodeBlock } from './chain/block-codec.js';
import { Chain } from './chain/chain.js';
import { type ChainPlan, makeChain } from './chain/make-chain.js';
import type { Config } from './config.js';
import { UsageError } from './errors.js';
import type { Log } from './ops/log.js';

/** Arguments of the command, as they were given. */
export interface MakeChainArguments {
  readonly blocks?: string | undefined;
  readonly seed?: string | undefined;
  readonly padding?: string | undefined;
  readonly start?: string | undefined;
}

const SECONDS_PER_BLOCK = 60;
/** So that a block with its padding still fits into a frame, two bytes on the wire for each. */
const MAX_PADDING_BYTES = 30_000;

/**
 * Makes blocks, each with a domain of its own (`n2.srv`, `n3.srv`, …), after those that the configured chain has, and
 * adds them to it; without configuration it prints them, one line of JSON each. The same seed and start give the same
 * blocks.
 */
export async function makeChainCommand(
  args: MakeChainArguments,
  config: Config | null,
  output: { write(line: string): void; readonly log: Log },
): Promise<void> {
  const count = wholeNumber('--blocks', args.blocks, 1, 10_000_000, null);
  const startSec = wholeNumber('--start', args.start, 0, 2 ** 40, nowSec() - count * SECONDS_PER_BLOCK);
  const paddingBytes = wholeNumber('--padding', args.padding, 0, MAX_PADDING_BYTES, 0);
  const settings = config?.chain ?? { folder: null, difficulty: DEFAULT_DIFFICULTY };
  const intervalSec = SECONDS_PER_BLOCK;
  const plan = {
    seed: args.seed ?? 'leak-soak',
    difficulty: settings.difficulty,
    startSec,
    intervalSec,
    paddingBytes,
  };
  if (settings.folder === null) {
    for (const block of take(count, makeChain(plan))) output.write(`${JSON.stringify(described(block))}\n`);
    return;
  }
  const options = { ...settings, origin: config?.origin ?? '', checkBlocks: config?.check_blocks ?? 0 };
  const chain = await Chain.open(options, nowSec, output.log);
  try {
    await extend(chain, count, plan);
    output.write(
      `${JSON.stringify({ height: chain.height, tip: chain.tip?.hash ?? null, origin: chain.origin })}\n`,
    );
  } finally {
    await chain.close();
  }
}

/** As in the configuration when it says nothing. */
const DEFAULT_DIFFICULTY = 10;

async function extend(chain: Chain, count: number, plan: ChainPlan): Promise<void> {
  const { tip } = chain;
  // The blocks to come must not be of the future.
  const fits = tip === null ? SECONDS_PER_BLOCK : Math.floor((nowSec() - tip.timestamp) / count);
  const intervalSec = Math.max(0, Math.min(SECONDS_PER_BLOCK, fits));
  for (const block of take(count, makeChain({ ...plan, intervalSec }, tip))) {
    const quality = chain.qualityOf(block);
    if (quality !== 'good')
      throw new UsageError(`block ${block.index} would be ${quality}; give another --start or --seed`);
    await chain.append(block);
  }
}

function* take(count: number, blocks: Generator<Block, never>): Generator<Block> {
  for (let made = 0; made < count; made += 1) yield blocks.next().value;
}

/** What a peer needs to send the block: its bytes in network form, in hex. */
function described(block: Block) {
  return { index: block.index, hash: block.hash, block: encodeBlock(block).toString('hex') };
}

function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
  fallback: number | null,
): number {
  const value = text === undefined ? fallback : Number(text);
  if (value === null || !Number.isInteger(value) || value < min || value > max) {
    throw new UsageError(`${name} ${text ?? 'is missing'}: expected a whole number from ${min} to ${max}`);
  }
  return value;
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000);
}
