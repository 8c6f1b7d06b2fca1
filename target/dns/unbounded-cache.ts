import type { Clock } from '../clock.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import { type AnswerCache, CACHE_STRUCTURE, type CachedAnswer, isExpired } from './answer-cache.js';
import { QUESTION_TAIL_BYTES } from './wire.js';

/** All that is known about one name: an answer per type and class, and how often the name was used. */
interface NameEntry {
  readonly answers: Map<string, CachedAnswer>;
  hits: number;
  updates: number;
}

/**
 * The cache of seed 000's resolver: names, and under each name its record types, with use counts. A lookup
 * ignores what has expired; nothing removes it, and there is no limit of any kind. Measured on Node 20: about 550
 * bytes of live heap for a name with one A record, 600 for a negative answer.
 */
export class UnboundedDnsCache implements AnswerCache {
  private readonly names = new Map<string, NameEntry>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  lookup(key: string): CachedAnswer | null {
    const entry = this.names.get(nameOf(key));
    if (entry === undefined) return null;
    entry.hits += 1;
    const cached = entry.answers.get(typeOf(key));
    return cached === undefined || isExpired(cached, this.clock()) ? null : cached;
  }

  store(key: string, answer: Answer): void {
    if (answer.ttlSec === 0) return;
    const name = nameOf(key);
    let entry = this.names.get(name);
    if (entry === undefined) {
      entry = { answers: new Map(), hits: 0, updates: 0 };
      this.names.set(name, entry);
    }
    entry.updates += 1;
    entry.answers.set(typeOf(key), { answer, storedAtMs: this.clock() });
  }

  size(): StructureSize {
    return countedStructure(CACHE_STRUCTURE, this.names.size, null);
  }

  structures(): readonly StructureSize[] {
    return [this.size()];
  }

  close(): void {
    this.names.clear();
  }
}

function nameOf(key: string): string {
  return key.slice(0, -QUESTION_TAIL_BYTES);
}

function typeOf(key: string): string {
  return key.slice(-QUESTION_TAIL_BYTES);
}
