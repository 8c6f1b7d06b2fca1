import type { Clock } from '../clock.js';
import { type StructureSize, weighedStructure } from '../ops/structure.js';
import type { Answer } from './answer.js';
import { type AnswerCache, CACHE_STRUCTURE, type CachedAnswer, isExpired } from './answer-cache.js';
import type { CleanupReport } from './cleanup-log.js';

/** Settings of the bounded cache. */
export interface BoundedCacheOptions {
  /** Upper bound on the accounted bytes of all entries. */
  readonly maxBytes: number;
  /** How often expired entries are looked for when nobody asks for them. */
  readonly cleanupIntervalMs: number;
  /** Under which `/health` lists it. @default `CACHE_STRUCTURE` */
  readonly name?: string;
  /** Told after each cleanup. @default nobody */
  readonly onCleanup?: (report: CleanupReport) => void;
}

interface Entry extends CachedAnswer {
  readonly key: string;
  answer: Answer;
  storedAtMs: number;
  newer: Entry | null;
  older: Entry | null;
}

/**
 * What an entry costs besides its characters: entry, answer, headers of two strings, share of the hash table
 * (28 to 112 bytes, as the table doubles). Measured against live-heap growth on Node 20, accounted bytes are off by
 * -8 to +15 % for names with one A record (271 to 338 bytes a name, depending on how full the table is), -10 to
 * +7 % for negative answers (336 to 402 bytes), 0 % for sets of 30 TXT records of 255 bytes (8900 bytes).
 */
export const ENTRY_OVERHEAD_BYTES = 240;

/** Expired entries are looked for in slices of this many, so that no query waits for a whole pass (about 0.1 ms). */
const CLEANUP_SLICE = 1000;

/** What left since the last report. */
type Gone = {
  -readonly [Part in keyof Omit<CleanupReport, 'entries' | 'bytes' | 'limitBytes'>]: CleanupReport[Part];
};
const NOTHING_GONE: Readonly<Gone> = {
  expiredEntries: 0,
  expiredBytes: 0,
  evictedEntries: 0,
  evictedBytes: 0,
};

/** Accounted bytes of one entry; V8 pads a string to 8 bytes. */
export function entryBytes(key: string, answer: Answer): number {
  return ENTRY_OVERHEAD_BYTES + ((key.length + 7) & ~7) + ((answer.records.length + 7) & ~7);
}

/**
 * The node's cache: least recently used entries leave when the bytes run out. Each lookup, store and eviction is a
 * step on a hash map and a linked list; nothing is ever sorted or scanned on a query's way (seed 000's fix did
 * both at the limit). The map alone would keep insertion order too, but finding its oldest key after many deletions
 * is a scan over the holes they left.
 *
 * The bytes of an entry that grows count anew; one larger than the whole limit is not kept.
 */
export class DnsCache implements AnswerCache {
  private readonly entries = new Map<string, Entry>();
  private readonly options: BoundedCacheOptions;
  private readonly maxBytes: number;
  private readonly clock: Clock;
  private readonly timer: NodeJS.Timeout;
  private newest: Entry | null = null;
  private oldest: Entry | null = null;
  /** Next entry that the running cleanup pass looks at; null between passes. */
  private cleanupAt: Entry | null = null;
  private cleanupStep: NodeJS.Immediate | null = null;
  private bytes = 0;
  private gone: Gone = { ...NOTHING_GONE };

  constructor(options: BoundedCacheOptions, clock: Clock) {
    this.options = options;
    this.maxBytes = options.maxBytes;
    this.clock = clock;
    this.timer = setInterval(() => this.startCleanup(), options.cleanupIntervalMs);
  }

  lookup(key: string): CachedAnswer | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    if (isExpired(entry, this.clock())) {
      this.remove(entry);
      return null;
    }
    if (entry !== this.newest) {
      this.unlink(entry);
      this.linkNewest(entry);
    }
    return entry;
  }

  store(key: string, answer: Answer): void {
    const previous = this.entries.get(key);
    const bytes = entryBytes(key, answer);
    if (answer.ttlSec === 0 || bytes > this.maxBytes) {
      if (previous !== undefined) this.remove(previous);
      return;
    }
    const storedAtMs = this.clock();
    if (previous === undefined) {
      const entry: Entry = { key, answer, storedAtMs, newer: null, older: null };
      this.entries.set(key, entry);
      this.linkNewest(entry);
      this.bytes += bytes;
    } else {
      this.bytes += bytes - entryBytes(key, previous.answer);
      previous.answer = answer;
      previous.storedAtMs = storedAtMs;
      this.unlink(previous);
      this.linkNewest(previous);
    }
    while (this.bytes > this.maxBytes && this.oldest !== null) {
      this.gone.evictedEntries += 1;
      this.gone.evictedBytes += this.remove(this.oldest);
    }
  }

  size(): StructureSize {
    return weighedStructure(
      this.options.name ?? CACHE_STRUCTURE,
      this.entries.size,
      this.bytes,
      this.maxBytes,
    );
  }

  structures(): readonly StructureSize[] {
    return [this.size()];
  }

  close(): void {
    clearInterval(this.timer);
    if (this.cleanupStep !== null) clearImmediate(this.cleanupStep);
    this.cleanupStep = null;
    this.cleanupAt = null;
  }

  private startCleanup(): void {
    if (this.cleanupAt !== null) return;
    this.cleanupAt = this.newest;
    this.continueCleanup();
  }

  /** From newest to oldest; an entry that moves to the front meanwhile was just used, so it is live. */
  private continueCleanup(): void {
    const now = this.clock();
    for (let left = CLEANUP_SLICE; left > 0 && this.cleanupAt !== null; left -= 1) {
      const entry: Entry = this.cleanupAt;
      this.cleanupAt = entry.older;
      if (!isExpired(entry, now)) continue;
      this.gone.expiredEntries += 1;
      this.gone.expiredBytes += this.remove(entry);
    }
    this.cleanupStep = this.cleanupAt === null ? null : setImmediate(() => this.continueCleanup());
    if (this.cleanupAt === null) this.report();
  }

  private report(): void {
    const { entries, bytes, maxBytes } = this;
    this.options.onCleanup?.({ ...this.gone, entries: entries.size, bytes, limitBytes: maxBytes });
    this.gone = { ...NOTHING_GONE };
  }

  /** Returns the accounted bytes of what left. */
  private remove(entry: Entry): number {
    this.entries.delete(entry.key);
    this.unlink(entry);
    const bytes = entryBytes(entry.key, entry.answer);
    this.bytes -= bytes;
    return bytes;
  }

  private linkNewest(entry: Entry): void {
    entry.older = this.newest;
    if (this.newest === null) this.oldest = entry;
    else this.newest.newer = entry;
    this.newest = entry;
  }

  private unlink(entry: Entry): void {
    if (this.cleanupAt === entry) this.cleanupAt = entry.older;
    if (entry.newer === null) this.newest = entry.older;
    else entry.newer.older = entry.older;
    if (entry.older === null) this.oldest = entry.newer;
    else entry.older.newer = entry.newer;
    entry.newer = null;
    entry.older = null;
  }
}
