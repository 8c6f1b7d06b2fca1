import { ClassicLevel } from 'classic-level';
import { reasonOf, StartError } from '../errors.js';
import type { Block } from './block.js';
import { encodeBlock } from './block-codec.js';

/** What LevelDB keeps in memory beside the operating system's page cache: small, so that a node's memory is its own. */
const OPTIONS = {
  cacheSize: 2 << 20,
  writeBufferSize: 1 << 20,
  keyEncoding: 'utf8',
  valueEncoding: 'buffer',
} as const;
/** Width of an index in a key, so that keys sort as numbers do: 2^53 has 14 hex digits. */
const INDEX_DIGITS = 14;
const BLOCK = 'b:';
const IDENTITY = 'i:';
const KEY = 'k:';
const UNDO = 'u:';

/** What the entries of a block's identity and key were before it. */
interface Undo {
  readonly identity: readonly [key: string, before: number | null] | null;
  readonly key: readonly [key: string, before: number | null] | null;
}
type Operation = { type: 'put'; key: string; value: Buffer } | { type: 'del'; key: string };

/**
 * The chain on disk, in LevelDB: blocks by index, the newest block of each identity and of each key, and what it takes
 * to undo each block. A block is one atomic batch, so that at whatever moment the process is killed, all of it is there
 * or nothing. Writes have to come one after the other.
 */
export class ChainStore {
  private readonly db: ClassicLevel<string, Buffer>;

  private constructor(db: ClassicLevel<string, Buffer>) {
    this.db = db;
  }

  /** Opens or creates the store. Throws `StartError` that names the folder. */
  static async open(folder: string): Promise<ChainStore> {
    const db = new ClassicLevel<string, Buffer>(folder, OPTIONS);
    try {
      await db.open();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const reason = reasonOf(cause ?? error);
      const next = 'give each node a folder of its own that it may write';
      throw new StartError(`[chain] folder = "${folder}": cannot be opened (${reason}); ${next}`, {
        cause: error,
      });
    }
    return new ChainStore(db);
  }

  /** Index of the last block, 0 in an empty chain. */
  async height(): Promise<number> {
    const range = { gt: BLOCK, lt: `${BLOCK}~`, reverse: true, limit: 1 };
    for await (const key of this.db.keys(range)) return Number.parseInt(key.slice(BLOCK.length), 16);
    return 0;
  }

  /** The block in network form; null when there is none. */
  read(index: number): Buffer | null {
    return this.db.getSync(blockKey(index)) ?? null;
  }

  /** Index of the newest block of a domain; null when there is none. */
  latestOf(identity: string): number | null {
    return this.number(IDENTITY + identity);
  }

  /** Index of the newest block with a domain that this key made; null when there is none. */
  latestBy(pubKey: string): number | null {
    return this.number(KEY + pubKey);
  }

  /** Writes the next block. */
  async append(block: Block): Promise<void> {
    const { index, transaction } = block;
    const ownKey = KEY + block.pubKey;
    const identity =
      transaction === null || transaction.identity === '' ? null : IDENTITY + transaction.identity;
    const undo: Undo = {
      identity: identity === null ? null : [identity, this.number(identity)],
      key: transaction === null ? null : [ownKey, this.number(ownKey)],
    };
    const operations: Operation[] = [
      put(blockKey(index), encodeBlock(block)),
      put(undoKey(index), Buffer.from(JSON.stringify(undo))),
    ];
    for (const entry of [undo.identity, undo.key]) {
      if (entry !== null) operations.push(put(entry[0], Buffer.from(`${index}`)));
    }
    await this.db.batch(operations);
  }

  /** Removes the last block, which is this one, as if it had never been there. */
  async removeLast(index: number): Promise<void> {
    const undo: Undo = JSON.parse(String(this.db.getSync(undoKey(index)) ?? '{"identity":null,"key":null}'));
    const operations: Operation[] = [
      { type: 'del', key: blockKey(index) },
      { type: 'del', key: undoKey(index) },
    ];
    for (const entry of [undo.identity, undo.key]) {
      if (entry === null) continue;
      const [key, before] = entry;
      operations.push(before === null ? { type: 'del', key } : put(key, Buffer.from(`${before}`)));
    }
    await this.db.batch(operations);
  }

  async close(): Promise<void> {
    await this.db.close();
  }

  private number(key: string): number | null {
    const value = this.db.getSync(key);
    return value === undefined ? null : Number(value.toString());
  }
}

function put(key: string, value: Buffer): Operation {
  return { type: 'put', key, value };
}

function blockKey(index: number): string {
  return BLOCK + index.toString(16).padStart(INDEX_DIGITS, '0');
}

function undoKey(index: number): string {
  return UNDO + index.toString(16).padStart(INDEX_DIGITS, '0');
}
