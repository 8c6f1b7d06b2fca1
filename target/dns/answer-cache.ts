import type { StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';

/** An answer and when it was stored, on the cache's clock. */
export interface CachedAnswer {
  readonly answer: Answer;
  readonly storedAtMs: number;
}

/** Answers by question key (`Query.key`). */
export interface AnswerCache {
  /** The live answer to this question; null when there is none or its TTL has run out. */
  lookup(key: string): CachedAnswer | null;
  /** Keeps the answer, in place of an earlier one, for as long as its TTL says; a TTL of 0 keeps nothing. */
  store(key: string, answer: Answer): void;
  /** Of the answers themselves. */
  size(): StructureSize;
  /** Everything that it keeps, the answers among them. */
  structures(): readonly StructureSize[];
  /** Releases the cache's timer, if it has one. */
  close(): void;
}

/** Whole seconds since the answer was stored: what its TTLs have to be lowered by. Less than `answer.ttlSec` while live. */
export function ageSec(cached: CachedAnswer, nowMs: number): number {
  return Math.floor((nowMs - cached.storedAtMs) / 1000);
}

/** True from the moment at which the answer's TTL has run out. */
export function isExpired(cached: CachedAnswer, nowMs: number): boolean {
  return nowMs - cached.storedAtMs >= cached.answer.ttlSec * 1000;
}

/** Name under which `/health` lists the cache, whichever implementation is in use. */
export const CACHE_STRUCTURE = 'dns-cache';
