import type { LoadCounters } from '../../core/load-counters.js';
import { arrivalsOf } from '../arrivals.js';
import { createClosedLoop } from '../closed-loop.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick, ProbeOutcome } from '../load-driver.js';
import { createOpenLoop } from '../open-loop.js';
import type { DnsLoadPlan } from '../plan.js';
import { maxLatencyMs } from './flood-board.js';
import { openQuestionSource } from './open-question-source.js';
import { createQuestionBook, laneCountFor } from './question-book.js';
import type { OpenLanes, QuestionLanes } from './question-lanes.js';
import { MAX_QUESTION_BYTES } from './question-source.js';

/** What the flood needs from outside. */
export interface FloodDeps {
  /** How the questions travel, for the record. */
  readonly io: string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** How many lanes, a power of two. @default what the rate and the timeout need */
  readonly lanes?: number;
  readonly openLanes: OpenLanes;
  readonly probe: (timeoutMs: number) => Promise<ProbeOutcome>;
  readonly log: (line: string) => void;
}

/**
 * Opens a flood of DNS questions over any lanes, every answer checked. Latency counts from the intended time (no coordinated omission), so it includes the driver's own grid of `TICK_MS`. Memory does
 * not depend on how long it runs. `offered` is what the kernel took: a question that it would not
 * take counts as dropped.
 *
 * @throws HarnessError `usage` for questions that cannot be asked; the socket's error when lanes cannot be opened
 */
export async function openDnsFlood(plan: DnsLoadPlan, deps: FloodDeps): Promise<LoadDriver> {
  const { nowMs, log } = deps;
  const arrivals = arrivalsOf(plan);
  const source = openQuestionSource(plan);
  const latency = createLatencyRecorder(maxLatencyMs(plan.timeoutMs));
  const watch = createGeneratorWatch(deps.io);
  const laneCount = deps.lanes ?? laneCountFor(arrivals.peakPerSec, plan);
  const book = createQuestionBook(plan, source, laneCount, latency, log);
  const scratch = Buffer.alloc(MAX_QUESTION_BYTES);
  let unsent = 0;
  let lanes: QuestionLanes | null = null;

  const offer = (intendedMs: number, now: number): void => {
    const slot = book.open(intendedMs, now);
    if (slot === null) {
      unsent++;
      return;
    }
    watch.recordScheduleError(now - intendedMs);
    // A copy of its own: the kernel may take the message later than this call.
    const message = Buffer.from(scratch.subarray(0, book.write(slot, scratch, 0)));
    lanes?.send(book.laneOf(slot), message, (sent) => {
      if (sent) {
        book.sent(slot);
      } else {
        unsent++;
        book.abandon(slot);
      }
    });
  };
  const work = { offer, expire: book.expire, inFlight: book.inFlight };
  const closed = plan.outstanding === undefined ? null : createClosedLoop(plan.outstanding, work, nowMs);
  const loop = closed ?? createOpenLoop(arrivals, work, nowMs);
  const open = await deps.openLanes(laneCount, (lane, message) => {
    if (book.receive(lane, message, 0, message.length, nowMs())) closed?.fill();
  });
  lanes = open;

  const counters = (): LoadCounters => {
    const { intended, dropped } = loop.schedule();
    return { intended, ...book.counts, dropped: dropped + unsent };
  };
  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => {
    const generator = watch.health(open.kernelDrops());
    return {
      counters: counters(),
      latencyMs,
      generator: closed === null ? generator : { ...generator, scheduleErrorP99Ms: null },
    };
  };

  return {
    start() {
      loop.start();
      watch.start();
    },
    async stop() {
      await loop.stop();
      return now(latency.total());
    },
    tick: () => now(latency.takeInterval()),
    probe: deps.probe,
    close() {
      loop.close();
      open.close();
    },
  };
}
