import type { Recording, TimeWindow } from '../core/recording.js';
import { type Explanation, type Rise, steepest } from './rise.js';

const KINDS = ['sockets', 'files', 'pipes', 'event_polls', 'other_fds'] as const;
const TCP_STATES = [
  'tcp_close_wait',
  'tcp_established',
  'tcp_closing',
  'tcp_connecting',
  'tcp_listening',
] as const;

/** What a kind of descriptor other than a socket means when there are more and more of it. */
const OTHER_KINDS: Readonly<Record<Exclude<(typeof KINDS)[number], 'sockets'>, readonly [string, string]>> = {
  files: [
    'open files',
    'files are opened and not closed: list their paths with ls -l /proc/PID/fd while the load is on',
  ],
  pipes: ['pipe ends', 'look for child processes whose standard streams are not closed'],
  event_polls: [
    'event polls, timers and counters of the kernel',
    'look for event loops, watchers or workers that are made again and again and never closed',
  ],
  other_fds: ['descriptors of other kinds', 'list them with ls -l /proc/PID/fd while the load is on'],
};

/** What a state of TCP means when more and more sockets stand in it. */
const STATES: Readonly<Record<(typeof TCP_STATES)[number], readonly [string, string]>> = {
  tcp_close_wait: [
    'in CLOSE_WAIT: the peer closed and the server did not',
    'close each connection when its peer has ended it, errors and half-open ones included',
  ],
  tcp_established: [
    'ESTABLISHED: connections stay open',
    'look for a missing idle timeout, or a pool or list of connections that only grows',
  ],
  tcp_closing: [
    'closing: the server closed and the peer has not confirmed',
    'look for connections that are ended but never destroyed while their peer is silent',
  ],
  tcp_connecting: [
    'still connecting: the other side does not answer',
    'give outgoing connections a timeout and destroy them when it passes',
  ],
  tcp_listening: ['listening', 'look for servers that are started again without closing the one before'],
};

const NOT_TCP = 'close each UDP or Unix socket when its answer has come or its wait has ended';
const UNSEEN = 'list descriptors by kind with ls -l /proc/PID/fd while the load is on';

/** Part of the sockets' rise that a state must make up to be its cause. */
const MOST = 0.5;

/** Descriptors by the kind that rose most; sockets by the state of TCP that most of the new ones stand in. */
export function explainDescriptors(recording: Recording, window: TimeWindow): Explanation {
  const kind = steepest(recording, KINDS, window);
  if (kind === null) {
    return { evidence: null, advice: `sockets or files are opened and not closed: ${UNSEEN}` };
  }
  if (kind.column === 'sockets') return explainSockets(recording, window, kind);
  const [name, advice] = OTHER_KINDS[kind.column];
  return { evidence: `${kind.last} ${name}, ${kind.first} at the start`, advice };
}

function explainSockets(recording: Recording, window: TimeWindow, sockets: Rise): Explanation {
  const count = `${sockets.last} sockets, ${sockets.first} at the start`;
  const state = steepest(recording, TCP_STATES, window);
  if (state === null || state.by < MOST * sockets.by) {
    return { evidence: `${count}, most of the new ones not TCP`, advice: NOT_TCP };
  }
  const [meaning, advice] = STATES[state.column];
  return { evidence: `${count}, ${state.last} ${meaning}`, advice };
}
