import { isOurFailure } from '../connect-failure.js';
import { introduce, type PeerIdentity } from './identity.js';
import { type DialOptions, dialPeer, type PeerConnection } from './peer-connection.js';
import type { ReadingHabit } from './reading-habit.js';
import { createTimeQueue } from './time-queue.js';
import type { PeerMessage } from './wire/message.js';
import { PeerProtocolError } from './wire/peer-protocol-error.js';
import { writeMessage } from './wire/write-message.js';

/** What became of the messages of a lane. */
export interface LaneOutcomes {
  /** The target has dealt with a message intended then; `isLast` of those that one answer stands for. */
  answered(intendedMs: number, isLast: boolean): void;
  /** The target said nothing in time, or what is no word of the protocol. */
  failed(how: 'timeout' | 'wrong'): void;
}

/**
 * One attacker: a connection that shakes hands like an honest peer and then sends what nobody asked for. When the
 * target closes it, another one takes its place, from another address.
 */
export interface FloodLane {
  /** Whether it can take a message now. */
  isFree(): boolean;
  send(message: Buffer, intendedMs: number): void;
  /** Looks after the connection: opens, asks, gives up what was intended before `beforeMs`. */
  advance(nowMs: number, beforeMs: number): void;
  /** Messages sent whose fate is open. */
  inFlight(): number;
  /** Whether the last connection failed for want of something of ours. */
  failedHere(): boolean;
  /** Ends the connection; `advance` opens another one. */
  close(): void;
}

/** What a lane connects with. */
export interface LaneOptions extends Omit<DialOptions, 'from'> {
  readonly nextSource: () => string | null;
  readonly identity: PeerIdentity;
  readonly timeoutMs: number;
  /** How the target reads, which all lanes find out together. */
  readonly habit: ReadingHabit;
}

/** More than this in our own memory means that the target reads slower than we send. */
const MAX_BACKLOG_BYTES = 256 * 1024;
/** Pings are no closer than this, so that they stay a small part of the load. */
const PING_EVERY_MS = 5;
/** From one connection to the next, when the target ends them at once; and when they never were good for anything. */
const NEXT_CONNECTION_MS = 10;
const REDIAL_MS = 100;
/** No height: the answer is a Pong, and not a request for a block. */
const PING = writeMessage({ kind: 'Ping', height: 0, hash: '' });

/**
 * The protocol has no answer to a message that nobody asked for. A Ping follows them instead: its Pong shows that
 * everything before has been dealt with. Towards a target that reads a stream at most one Ping is under way. One that
 * reads one by one gets one message at a time, and Pings until it has noticed the first. A connection that the target
 * closes is an answer as well: it has refused.
 */
export function createFloodLane(options: LaneOptions, outcomes: LaneOutcomes): FloodLane {
  const { identity, timeoutMs, nextSource, habit } = options;
  const unanswered = createTimeQueue();
  let connection: PeerConnection | null = null;
  let isReady = false;
  let openedMs = 0;
  let notBeforeMs = 0;
  let ownFailure = false;
  let pings = 0;
  let pongs = 0;
  let pingedMs = 0;
  /** Messages that the Pong with this number stands for; none where no Ping has followed them. */
  let covered = 0;
  let coveredBy = 0;

  const settle = (count: number): void => {
    for (let left = count; left > 0; left--) outcomes.answered(unanswered.shift() as number, left === 1);
  };
  const settleAsFailed = (how: 'timeout' | 'wrong'): void => {
    while (unanswered.shift() !== undefined) outcomes.failed(how);
  };

  const hear = (current: PeerConnection, message: PeerMessage): void => {
    if (message.kind === 'Shake') {
      isReady = true;
      habit.examine(current);
    } else if (message.kind === 'Pong' && !habit.heard(current)) {
      pongs++;
      if (covered === 0 || pongs < coveredBy) return;
      const count = covered;
      covered = 0;
      settle(count);
    }
  };
  const open = (): PeerConnection => {
    const current: PeerConnection = dialPeer(
      { ...options, from: nextSource() },
      {
        onKeyed: () => current.send({ kind: 'Hand', ...introduce(identity) }),
        onMessage: (message) => {
          if (current === connection) hear(current, message);
        },
        onClose(error) {
          habit.ended(current);
          if (current !== connection) return;
          ownFailure = error !== null && isOurFailure(error);
          const pauseMs = isReady ? NEXT_CONNECTION_MS : REDIAL_MS;
          end(pauseMs);
          if (error instanceof PeerProtocolError) settleAsFailed('wrong');
          else settle(unanswered.length);
        },
      },
    );
    return current;
  };

  /** Forgets the connection; what is on its way of it is nobody's business any more. */
  const end = (pauseMs: number): void => {
    connection = null;
    isReady = false;
    covered = 0;
    pings = 0;
    pongs = 0;
    notBeforeMs = openedMs + pauseMs;
  };
  const drop = (): void => {
    const old = connection;
    end(REDIAL_MS);
    old?.close();
  };

  const ping = (nowMs: number): void => {
    pings++;
    pingedMs = nowMs;
    if (covered === 0) {
      covered = unanswered.length;
      coveredBy = pings;
    }
    connection?.sendEncoded(PING);
  };

  return {
    isFree() {
      if (!isReady || connection === null || habit.state() === 'unknown') return false;
      if (habit.state() === 'one-by-one') return unanswered.length === 0;
      return connection.backlogBytes() < MAX_BACKLOG_BYTES;
    },
    send(message, intendedMs) {
      connection?.sendEncoded(message);
      unanswered.push(intendedMs);
    },
    advance(nowMs, beforeMs) {
      if (connection === null) {
        if (nowMs < notBeforeMs) return;
        openedMs = nowMs;
        connection = open();
      } else if (!isReady) {
        if (nowMs - openedMs > timeoutMs) drop();
      } else if ((unanswered.first() ?? nowMs) < beforeMs) {
        // Messages of a connection are dealt with in turn: the others wait for the oldest.
        settleAsFailed('timeout');
        drop();
      } else if (unanswered.length > 0 && nowMs - pingedMs >= PING_EVERY_MS) {
        if (covered === 0 || habit.state() === 'one-by-one') ping(nowMs);
      }
    },
    inFlight: () => unanswered.length,
    failedHere: () => ownFailure,
    close: drop,
  };
}
