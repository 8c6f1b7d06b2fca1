import type { Log, LogTopic } from '../ops/log.js';

/** What left a cache since the last report, and what it keeps. */
export interface CleanupReport {
  /** Entries whose TTL had run out, found by the cleanup. */
  readonly expiredEntries: number;
  readonly expiredBytes: number;
  /** Entries that gave way to newer ones because the bytes ran out. */
  readonly evictedEntries: number;
  readonly evictedBytes: number;
  readonly entries: number;
  readonly bytes: number;
  readonly limitBytes: number;
}

/** Writes what a cleanup did, one line at most each time and nothing when nothing left. */
export function cleanupLog(log: Log, topic: LogTopic, name: string): (report: CleanupReport) => void {
  return (report) => {
    const { expiredEntries, expiredBytes, evictedEntries, evictedBytes, entries, bytes, limitBytes } = report;
    if (expiredEntries + evictedEntries === 0) return;
    const gone = [
      `${expiredEntries} expired entries with ${megabytes(expiredBytes)} MB removed`,
      `${evictedEntries} with ${megabytes(evictedBytes)} MB gave way to newer ones`,
    ];
    const kept = `${entries} entries with ${megabytes(bytes)} of ${megabytes(limitBytes)} MB remain`;
    log.warn(topic, `${name} cleanup: ${gone.join(', ')}; ${kept}`);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}
