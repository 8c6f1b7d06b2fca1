import type { Clock } from '../clock.js';

/**
 * What a log line is about. Lines of one topic share a rate limit, and the topics are a fixed list, so neither
 * the log nor its book-keeping can grow with traffic (a line per dropped packet is a log flood: seed 000).
 */
export type LogTopic =
  | 'client-socket'
  | 'upstream-socket'
  | 'forwarder'
  | 'doh-upstream'
  | 'cache-cleanup'
  | 'negative-cache-cleanup'
  | 'query'
  | 'questions-full'
  | 'clients-full'
  | 'queries-full'
  | 'tcp-full'
  | 'peers'
  | 'chain'
  | 'ops';

/** Where the node says what happened: whole lines, rate-limited per topic. */
export interface Log {
  /** Writes a line now, or counts it as suppressed when the topic spoke less than the interval ago. */
  warn(topic: LogTopic, message: string): void;
  /** Writes a line always: only for what happens once in a process's life. */
  info(message: string): void;
}

/** Least time between two lines of one topic, in milliseconds. */
export const LOG_INTERVAL_MS = 10_000;

/** A log that writes lines through `write`. */
export function createLog(write: (line: string) => void, clock: Clock): Log {
  const topics = new Map<LogTopic, { lastMs: number; suppressed: number }>();
  return {
    info: (message) => write(`leak-soak-target: ${message}\n`),
    warn: (topic, message) => {
      const now = clock();
      const state = topics.get(topic);
      if (state !== undefined && now - state.lastMs < LOG_INTERVAL_MS) {
        state.suppressed += 1;
        return;
      }
      const more = state === undefined || state.suppressed === 0 ? '' : ` (${state.suppressed} more like it)`;
      topics.set(topic, { lastMs: now, suppressed: 0 });
      write(`leak-soak-target: ${message}${more}\n`);
    },
  };
}
