import type { LoadCounters } from '../../core/load-counters.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, ProbeOutcome } from '../load-driver.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';
import type { DnsUdpFloodPlan } from '../plan.js';
import { checkAnswer } from './dns-answer-check.js';
import { encodeQuestion, RCODE, TYPE } from './dns-wire.js';
import { createInFlightWindow } from './in-flight-window.js';
import type { OpenLanes, QuestionLanes } from './question-lanes.js';
import { PROBE_PREFIX } from './synthetic-answers.js';
import { type NameSource, uniqueNames } from './unique-names.js';
import { normalizeZone } from './zone-name.js';

/** What the flood needs from outside. */
export interface FloodDeps {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly openLanes: OpenLanes;
  readonly probe: (name: string, timeoutMs: number) => Promise<ProbeOutcome>;
}

/** DNS ids are 16 bits: so many questions can be in flight per lane. */
const IDS_PER_LANE = 2 ** 16;
const MIN_LANES = 4;
/** A million questions in flight, 26 MB; what goes beyond counts as dropped. */
const MAX_LANES = 16;

/** A power of two that holds everything in flight when no question is answered, with half as much to spare. */
function laneCountFor(plan: DnsUdpFloodPlan): number {
  const worstInFlight = 1.5 * plan.ratePerSec * (plan.timeoutMs / 1000);
  const lanes = 2 ** Math.ceil(Math.log2(Math.max(1, worstInFlight / IDS_PER_LANE)));
  return Math.min(MAX_LANES, Math.max(MIN_LANES, lanes));
}

/**
 * Opens a flood of DNS questions over UDP: unique names, open-loop, every answer checked. Latency counts from
 * the intended time (no coordinated omission), so it includes the driver's own grid of `TICK_MS`. Memory does
 * not depend on how long it runs. `offered` is what the kernel took: a question that it would not
 * take counts as dropped.
 *
 * @throws HarnessError `usage` for a zone that is no DNS name; the socket's error when lanes cannot be opened
 */
export async function openDnsUdpFlood(plan: DnsUdpFloodPlan, deps: FloodDeps): Promise<LoadDriver> {
  const zone = normalizeZone(plan.zone);
  const questions = createQuestions(plan, uniqueNames(zone, plan.seed), laneCountFor(plan), deps.nowMs);
  const lanes = await deps.openLanes(questions.laneCount, questions.receive);
  const work = {
    ...questions,
    offer: (intendedMs: number, now: number) => questions.send(lanes, intendedMs, now),
  };
  const loop = createOpenLoop(plan.ratePerSec, work, deps.nowMs);
  let probes = 0;

  const counters = (): LoadCounters => {
    const { intended, dropped } = loop.schedule();
    return { intended, ...questions.counts, dropped: dropped + questions.counts.dropped };
  };

  return {
    start: loop.start,
    async stop() {
      await loop.stop();
      return { counters: counters(), latencyMs: questions.latency.total() };
    },
    tick: () => ({ counters: counters(), latencyMs: questions.latency.takeInterval() }),
    probe: (timeoutMs) => deps.probe(`${PROBE_PREFIX}${++probes}.${zone}`, timeoutMs),
    close() {
      loop.close();
      lanes.close();
    },
  };
}

/** Sends, recognises and counts; knows no schedule. A slot of the window is an id on a lane. */
function createQuestions(plan: DnsUdpFloodPlan, names: NameSource, laneCount: number, nowMs: () => number) {
  const accepted = new Set(plan.acceptedRcodes.map((name) => RCODE[name]));
  const window = createInFlightWindow(laneCount * IDS_PER_LANE);
  const latency = createLatencyRecorder(plan.timeoutMs + 2 * MAX_LATENESS_MS);
  const counts = { offered: 0, answered: 0, wrong: 0, timeouts: 0, dropped: 0 };
  let sequence = 0;

  return {
    laneCount,
    counts,
    latency,
    inFlight: window.size,
    send(lanes: QuestionLanes, intendedMs: number, now: number): void {
      const slot = window.open(sequence, intendedMs, now + plan.timeoutMs);
      if (slot === null) {
        counts.dropped++;
        return;
      }
      const message = encodeQuestion(Math.floor(slot / laneCount), names.nameOf(sequence++), TYPE.A);
      lanes.send(slot % laneCount, message, (sent) => {
        if (sent) {
          counts.offered++;
          window.confirm(slot);
        } else {
          counts.dropped++;
          window.release(slot);
        }
      });
    },
    receive(lane: number, message: Buffer): void {
      if (message.length < 2) return;
      const slot = message.readUInt16BE(0) * laneCount + lane;
      const question = window.waiting(slot);
      if (question === null) return; // a duplicate, late or unsolicited answer
      window.release(slot);
      if (checkAnswer(message, names.nameOf(question.sequence), accepted) === 'right') {
        counts.answered++;
        latency.record(nowMs() - question.intendedMs);
      } else {
        counts.wrong++;
      }
    },
    expire(now: number): void {
      counts.timeouts += window.expire(now);
    },
  };
}
