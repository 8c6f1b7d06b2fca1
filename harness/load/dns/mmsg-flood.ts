import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { couldNotRun } from '../../core/errors.js';
import type { LoadCounters } from '../../core/load-counters.js';
import { type Deferred, deferred } from '../deferred.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick, ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { DnsUdpFloodPlan } from '../plan.js';
import { CLOSED, type FloodBoard, floodBoard, IDLE, maxLatencyMs, RUNNING, STOPPING } from './flood-board.js';
import type { MmsgWorkerData, MmsgWorkerReport } from './mmsg-worker.js';
import { readUdpDrops } from './udp-drops.js';
import { smallBufferNote } from './udp-socket.js';

/** What the flood needs from outside. */
export interface MmsgFloodDeps {
  /** The compiled `mmsg-worker.js`. */
  readonly worker: URL;
  readonly probe: (timeoutMs: number) => Promise<ProbeOutcome>;
  readonly log: (line: string) => void;
}

/** One thread as this one holds it. */
interface FloodThread {
  readonly board: FloodBoard;
  readonly localPorts: readonly number[];
  command(what: number): void;
  /** Resolves when the stopped flood has drained; rejects when it is closed before. */
  drained(): Promise<void>;
  close(): void;
}

/**
 * Opens a flood whose datagrams leave and arrive many at a time (`mmsg.ts`), on `plan.drivers` threads that share
 * the load out. This thread only commands them and adds up what they count.
 *
 * @throws HarnessError `usage` or `could-not-run` as the threads do
 */
export async function openMmsgFlood(
  plan: DnsUdpFloodPlan,
  target: LoopbackAddress,
  deps: MmsgFloodDeps,
): Promise<LoadDriver> {
  const of = plan.drivers ?? 1;
  const threads: FloodThread[] = [];
  try {
    for (let index = 0; index < of; index++)
      threads.push(await startThread(plan, target, { index, of }, deps));
  } catch (error) {
    for (const thread of threads) thread.close();
    throw error;
  }
  const localPorts = threads.flatMap((thread) => thread.localPorts);
  const latencyCounts = new Float64Array((threads[0] as FloodThread).board.latency.length);
  const latency = createLatencyRecorder(maxLatencyMs(plan.timeoutMs), latencyCounts);
  const errorCounts = new Float64Array((threads[0] as FloodThread).board.scheduleError.length);
  const watch = createGeneratorWatch('mmsg', errorCounts);

  const now = (latencyMs: () => LoadTick['latencyMs']): LoadTick => {
    addUpCounts(
      threads.map(({ board }) => board.latency),
      latencyCounts,
    );
    addUpCounts(
      threads.map(({ board }) => board.scheduleError),
      errorCounts,
    );
    return {
      counters: addUp(threads.map(({ board }) => board.read())),
      latencyMs: latencyMs(),
      generator: withoutSchedule(plan, watch.health(readUdpDrops(localPorts, target))),
    };
  };

  return {
    start() {
      if (threads.some(({ board }) => Atomics.load(board.control, 0) !== IDLE)) {
        throw couldNotRun('the load runs already');
      }
      watch.start();
      for (const thread of threads) thread.command(RUNNING);
    },
    async stop() {
      await Promise.all(threads.map((thread) => thread.drained()));
      return now(latency.total);
    },
    tick: () => now(latency.takeInterval),
    probe: deps.probe,
    close() {
      for (const thread of threads) thread.close();
    },
  };
}

function withoutSchedule<T extends object>(plan: DnsUdpFloodPlan, health: T): T {
  return plan.outstanding === undefined ? health : { ...health, scheduleErrorP99Ms: null };
}

async function startThread(
  plan: DnsUdpFloodPlan,
  target: LoopbackAddress,
  share: { readonly index: number; readonly of: number },
  { worker: module, log }: MmsgFloodDeps,
): Promise<FloodThread> {
  if (!existsSync(fileURLToPath(module))) throw couldNotRun(`${fileURLToPath(module)} is missing`);
  const board = floodBoard(plan.timeoutMs);
  const workerData: MmsgWorkerData = { plan, target, ...share, board: board.memory };
  const worker = new Worker(module, { workerData });
  let stopping: Deferred<void> | null = null;
  worker.on('message', (report: MmsgWorkerReport) => {
    if (report.kind === 'log') log(report.line);
    if (report.kind === 'stopped') {
      stopping?.resolve();
      stopping = null;
    }
  });
  const ready = await firstReport(worker);
  const note = smallBufferNote('driver', ready.recvBufferBytes);
  if (note !== null && share.index === 0) log(note);

  const command = (what: number): void => {
    Atomics.store(board.control, 0, what);
    Atomics.notify(board.control, 0);
  };
  return {
    board,
    localPorts: ready.localPorts,
    command,
    drained() {
      const was = Atomics.compareExchange(board.control, 0, RUNNING, STOPPING);
      if (was === IDLE) return Promise.resolve();
      if (was === CLOSED) return Promise.reject(couldNotRun('the load is closed'));
      stopping ??= deferred<void>();
      return stopping.promise;
    },
    close() {
      command(CLOSED);
      stopping?.reject(couldNotRun('the load was closed while operations were in flight'));
      stopping = null;
    },
  };
}

/** An error of the thread before it is ready rejects; later it is this process's own. */
async function firstReport(worker: Worker): Promise<MmsgWorkerReport & { kind: 'ready' }> {
  const [report] = (await once(worker, 'message')) as [MmsgWorkerReport];
  worker.on('error', (error) => {
    throw error;
  });
  return report as MmsgWorkerReport & { kind: 'ready' };
}

function addUp(all: readonly LoadCounters[]): LoadCounters {
  return all.reduce((a, b) => ({
    intended: a.intended + b.intended,
    offered: a.offered + b.offered,
    answered: a.answered + b.answered,
    wrong: a.wrong + b.wrong,
    errors: a.errors + b.errors,
    timeouts: a.timeouts + b.timeouts,
    dropped: a.dropped + b.dropped,
  }));
}

function addUpCounts(all: readonly Float64Array[], total: Float64Array): void {
  total.fill(0);
  for (const counts of all) {
    for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (counts[i] as number);
  }
}
