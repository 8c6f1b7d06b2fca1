import type { LatencyRecorder } from '../latency-recorder.js';
import type { DnsLoadPlan } from '../plan.js';
import { createAnswerJudge } from './answer-judge.js';
import { createInFlightWindow } from './in-flight-window.js';
import type { QuestionSource } from './question-source.js';

/** What became of the questions. */
export interface QuestionCounts {
  offered: number;
  answered: number;
  wrong: number;
  errors: number;
  timeouts: number;
}

/** DNS ids are 16 bits: so many questions can be in flight per lane. */
const ID_BITS = 16;
/** Questions in a row that go to the same lane, so that they can leave in one system call. */
const RUN_BITS = 6;
const RUN_MASK = 2 ** RUN_BITS - 1;

const MIN_OPEN_LANES = 4;
/** A million questions in flight, 34 MB; what goes beyond counts as dropped. */
const MAX_LANES = 16;

/** A power of two that holds everything in flight when no question is answered, with half as much to spare. */
export function laneCountFor(peakPerSec: number, plan: DnsLoadPlan): number {
  // A closed loop has no more in flight than it is told to, beside the few that nobody will answer.
  if (plan.outstanding !== undefined) return 1;
  const worstInFlight = 1.5 * peakPerSec * (plan.timeoutMs / 1000);
  const lanes = 2 ** Math.ceil(Math.log2(Math.max(1, worstInFlight / 2 ** ID_BITS)));
  return Math.min(MAX_LANES, Math.max(MIN_OPEN_LANES, lanes));
}

/** The next power of two, which a table of questions needs. */
export function roundUpLanes(connections: number): number {
  return 2 ** Math.ceil(Math.log2(connections));
}

/**
 * The questions under way, whatever carries them: opens, recognises, judges and counts; knows no schedule and no
 * socket. A slot of its window is an id on a lane.
 *
 * @param laneCount a power of two
 * @param latency takes the milliseconds from the intended time of each valid answer
 * @param log receives a line about the first wrong answer
 */
export function createQuestionBook(
  plan: DnsLoadPlan,
  source: QuestionSource,
  laneCount: number,
  latency: Pick<LatencyRecorder, 'record'>,
  log: (line: string) => void,
) {
  const laneBits = Math.log2(laneCount);
  const window = createInFlightWindow(2 ** ID_BITS * laneCount);
  const judge = createAnswerJudge(source, plan);
  const counts: QuestionCounts = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  let sequence = 0;

  const idOf = (slot: number): number => ((slot >>> (RUN_BITS + laneBits)) << RUN_BITS) | (slot & RUN_MASK);
  const slotOf = (lane: number, id: number): number =>
    (((id >>> RUN_BITS) * laneCount + lane) << RUN_BITS) | (id & RUN_MASK);

  return {
    laneCount,
    counts,
    inFlight: window.size,
    laneOf: (slot: number): number => (slot >>> RUN_BITS) & (laneCount - 1),
    intendedMsOf: window.intendedMsOf,
    /** Takes a slot for the next question; null when too many are in flight. */
    open(intendedMs: number, nowMs: number): number | null {
      const slot = window.open(sequence, intendedMs, nowMs + plan.timeoutMs);
      if (slot !== null) sequence++;
      return slot;
    },
    /** Takes back the last `count` questions opened, which were not sent: they will be opened again. */
    unopen(count: number): void {
      window.unopen(count);
      sequence -= count;
    },
    /** Gives a question up that could not be sent. */
    abandon: window.release,
    /** Writes the question of a slot, with its id; returns its length. */
    write(slot: number, into: Uint8Array, at: number): number {
      const length = source.write(window.sequenceOf(slot), into, at);
      const id = idOf(slot);
      into[at] = id >>> 8;
      into[at + 1] = id & 0xff;
      return length;
    },
    /** The kernel has taken the question of a slot. */
    sent(slot: number): void {
      counts.offered++;
      window.confirm(slot);
    },
    /** Takes a message from a lane; false when no question waits for it: a duplicate, late or unsolicited. */
    receive(lane: number, bytes: Buffer, at: number, length: number, nowMs: number): boolean {
      if (length < 2) return false;
      const slot = slotOf(lane, ((bytes[at] as number) << 8) | (bytes[at + 1] as number));
      if (!window.isWaiting(slot)) return false;
      const asked = window.sequenceOf(slot);
      const intendedMs = window.intendedMsOf(slot);
      window.release(slot);
      if (judge.judge(bytes, at, length, asked) === 'right') {
        counts.answered++;
        latency.record(nowMs - intendedMs);
      } else if (counts.wrong++ === 0) {
        log(`first wrong answer: ${judge.describe(bytes.subarray(at, at + length), asked)}`);
      }
      return true;
    },
    /** Counts the questions whose deadline is not after `nowMs` as timed out. */
    expire(nowMs: number): void {
      counts.timeouts += window.expire(nowMs);
    },
  };
}

export type QuestionBook = ReturnType<typeof createQuestionBook>;
