import type { PeerConnection } from './peer-connection.js';
import { writeMessage } from './wire/write-message.js';

/**
 * How a target reads its connections. Most read a `stream`: whatever has come. ALFIS asks the kernel for changes only
 * (edge-triggered epoll) and reads one message at each, `one-by-one`: what comes together with a message that needs no
 * answer lies there until something else comes.
 */
export type Habit = 'unknown' | 'stream' | 'one-by-one';

/** Finds out, once, how a target reads; until then there is no use in flooding it. */
export interface ReadingHabit {
  state(): Habit;
  /** A connection has shaken hands: the first one is tried out. */
  examine(connection: PeerConnection): void;
  /** A Pong came; true when it belongs to the trial. */
  heard(connection: PeerConnection): boolean;
  /** A connection is gone, perhaps the one under trial. */
  ended(connection: PeerConnection): void;
  close(): void;
}

/** Longer than a target in use takes for a handful of messages. */
const TRIAL_MS = 500;
/** Messages that need no answer, and one that does. ALFIS does answer one Pong in five, but hardly four in a row. */
const TRIAL = ['Pong', 'Pong', 'Pong', 'Pong', 'Ping'].map((kind) =>
  writeMessage({ kind: kind as 'Ping' | 'Pong', height: 0, hash: '' }),
);

export function createReadingHabit(): ReadingHabit {
  let state: Habit = 'unknown';
  let tried: PeerConnection | null = null;
  let timer: NodeJS.Timeout | undefined;
  const decide = (habit: Habit): void => {
    clearTimeout(timer);
    state = habit;
  };
  return {
    state: () => state,
    examine(connection) {
      if (state !== 'unknown' || tried !== null) return;
      tried = connection;
      connection.sendTogether(TRIAL);
      timer = setTimeout(() => decide('one-by-one'), TRIAL_MS);
    },
    heard(connection) {
      if (connection !== tried) return false;
      // The Pong of a trial that failed comes late; it is no answer to anything else.
      if (state === 'unknown') decide('stream');
      tried = null;
      return true;
    },
    ended(connection) {
      if (connection !== tried) return;
      tried = null;
      // Whoever closes has read; the next trial would end no better.
      if (state === 'unknown') decide('stream');
    },
    close: () => clearTimeout(timer),
  };
}
