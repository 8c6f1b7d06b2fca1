import { isOurFailure } from '../connect-failure.js';
import { introduce, type PeerIdentity } from './identity.js';
import { type DialOptions, dialPeer, type PeerConnection } from './peer-connection.js';
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
 * The protocol has no answer to a message that nobody asked for. A Ping follows them instead: what the target says
 * after it shows that everything before has been dealt with. At most one is under way, since a node of ALFIS holds one
 * answer at a time. A connection that the target closes is an answer as well: it has refused.
 */
export function createFloodLane(options: LaneOptions, outcomes: LaneOutcomes): FloodLane {
  const { identity, timeoutMs, nextSource } = options;
  const unanswered = createTimeQueue();
  let connection: PeerConnection | null = null;
  let isReady = false;
  let openedMs = 0;
  let notBeforeMs = 0;
  let ownFailure = false;
  /** Messages that the Ping under way stands behind; 0 when none is. */
  let covered = 0;
  let pingedMs = 0;

  const settle = (count: number): void => {
    for (let left = count; left > 0; left--) outcomes.answered(unanswered.shift() as number, left === 1);
  };
  const settleAsFailed = (how: 'timeout' | 'wrong'): void => {
    while (unanswered.shift() !== undefined) outcomes.failed(how);
  };

  const open = (): PeerConnection => {
    const hear = (message: PeerMessage): void => {
      if (message.kind === 'Shake') isReady = true;
      else if (message.kind === 'Pong' || message.kind === 'GetBlock') {
        settle(covered);
        covered = 0;
      }
    };
    const current: PeerConnection = dialPeer(
      { ...options, from: nextSource() },
      {
        onKeyed: () => current.send({ kind: 'Hand', ...introduce(identity) }),
        onMessage: (message) => {
          if (current === connection) hear(message);
        },
        onClose(error) {
          if (current !== connection) return;
          ownFailure = error !== null && isOurFailure(error);
          if (error instanceof PeerProtocolError) settleAsFailed('wrong');
          else settle(unanswered.length);
          end(isReady ? NEXT_CONNECTION_MS : REDIAL_MS);
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
    notBeforeMs = openedMs + pauseMs;
  };

  const drop = (): void => {
    const old = connection;
    end(REDIAL_MS);
    old?.close();
  };

  return {
    isFree: () => isReady && connection !== null && connection.backlogBytes() < MAX_BACKLOG_BYTES,
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
      } else if (covered === 0 && unanswered.length > 0 && nowMs - pingedMs >= PING_EVERY_MS) {
        covered = unanswered.length;
        pingedMs = nowMs;
        connection.sendEncoded(PING);
      }
    },
    inFlight: () => unanswered.length,
    failedHere: () => ownFailure,
    close: drop,
  };
}
