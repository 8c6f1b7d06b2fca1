import { parentPort, workerData } from 'node:worker_threads';
import { couldNotRun } from '../../core/errors.js';
import { arrivalsOf, shareOf } from '../arrivals.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { closedOffers, openOffers } from '../offers.js';
import type { DnsUdpFloodPlan } from '../plan.js';
import { CLOSED, floodBoard, IDLE, MAX_SCHEDULE_ERROR_MS, maxLatencyMs, STOPPING } from './flood-board.js';
import { loadMmsg } from './mmsg.js';
import { createMmsgLoop } from './mmsg-loop.js';
import { openQuestionSource } from './open-question-source.js';
import { createQuestionBook, laneCountFor } from './question-book.js';
import { everyNth } from './question-source.js';

/**
 * A thread that floods. It takes no messages, for it is blocked in its loop or in waiting for a command on the
 * board; it sends `ready` once, and `stopped` when a stopped flood has drained.
 */

/** What the thread is started with. */
export interface MmsgWorkerData {
  readonly plan: DnsUdpFloodPlan;
  readonly target: LoopbackAddress;
  /** Which share of the load is this thread's. */
  readonly index: number;
  readonly of: number;
  readonly board: SharedArrayBuffer;
}

/** What the thread says. */
export type MmsgWorkerReport =
  | { readonly kind: 'ready'; readonly localPorts: readonly number[]; readonly recvBufferBytes: number }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'stopped' };

if (parentPort === null) throw couldNotRun('mmsg-worker is a thread of the load process');
const port = parentPort;
const say = (report: MmsgWorkerReport): void => port.postMessage(report);

const { plan, target, index, of, board: memory } = workerData as MmsgWorkerData;
const nowMs = (): number => performance.now();
const board = floodBoard(plan.timeoutMs, memory);
const arrivals = shareOf(arrivalsOf(plan), of);
const source = everyNth(openQuestionSource(plan), of, index);
const laneCount = laneCountFor(arrivals.peakPerSec, plan);
const latency = createLatencyRecorder(maxLatencyMs(plan.timeoutMs), board.latency);
const book = createQuestionBook(plan, source, laneCount, latency, (line) => say({ kind: 'log', line }));

const mmsg = await loadMmsg();
const lanes = Array.from({ length: laneCount }, () => mmsg.open(target));
const run = createMmsgLoop({
  mmsg,
  lanes,
  book,
  board,
  nowMs,
  scheduleError: createLatencyRecorder(MAX_SCHEDULE_ERROR_MS, board.scheduleError),
});
const { outstanding } = plan;
const makeOffers = (): ReturnType<typeof openOffers> =>
  outstanding === undefined
    ? openOffers(arrivals, nowMs())
    : closedOffers(Math.max(1, Math.round(outstanding / of)), book.inFlight);

say({
  kind: 'ready',
  localPorts: lanes.map((lane) => lane.localPort),
  recvBufferBytes: Math.min(...lanes.map((lane) => lane.recvBufferBytes)),
});
for (;;) {
  Atomics.wait(board.control, 0, IDLE);
  if (Atomics.load(board.control, 0) === CLOSED) break;
  run(makeOffers);
  if (Atomics.compareExchange(board.control, 0, STOPPING, IDLE) === STOPPING) say({ kind: 'stopped' });
}
for (const lane of lanes) mmsg.close(lane);
