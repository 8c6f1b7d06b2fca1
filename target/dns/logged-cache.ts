import type { DebugLog } from '../ops/debug-log.js';
import type { StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import type { AnswerCache, CachedAnswer } from './answer-cache.js';

/** Seed 000's instrumentation writes a line for so many lookups, and one for each store. */
const LOOKUPS_PER_LINE = 10;

/** A cache that notes in the debug log what it is used for. */
export class LoggedCache implements AnswerCache {
  private readonly cache: AnswerCache;
  private readonly log: DebugLog;
  private lookups = 0;

  constructor(cache: AnswerCache, log: DebugLog) {
    this.cache = cache;
    this.log = log;
  }

  lookup(key: string): CachedAnswer | null {
    this.lookups += 1;
    if (this.lookups % LOOKUPS_PER_LINE === 0) {
      this.log.note('cache-lookups', { lookups: this.lookups, entries: this.cache.size().entries });
    }
    return this.cache.lookup(key);
  }

  store(key: string, answer: Answer): void {
    this.log.note('cache-store', { records: answer.answerCount, ttl: answer.ttlSec });
    this.cache.store(key, answer);
  }

  size(): StructureSize {
    return this.cache.size();
  }

  structures(): readonly StructureSize[] {
    return this.cache.structures();
  }

  close(): void {
    this.cache.close();
  }
}
