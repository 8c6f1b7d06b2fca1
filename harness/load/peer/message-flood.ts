import { systemClock } from '../../core/clock.js';
import { arrivalsOf } from '../arrivals.js';
import { createGeneratorWatch } from '../generator-watch.js';
import { createLatencyRecorder } from '../latency-recorder.js';
import type { LoadDriver, LoadTick } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { createOpenLoop, MAX_LATENESS_MS } from '../open-loop.js';
import { createFloodLane, type FloodLane } from './flood-lane.js';
import type { PeerLoadPlan } from './peer-plan.js';
import { probePeer } from './peer-probe.js';
import { createReadingHabit } from './reading-habit.js';
import { sourceAddresses } from './source-addresses.js';
import { createTimeQueue } from './time-queue.js';
import { createPeerKeys } from './wire/peer-keys.js';

/** How often the schedule and the lanes are looked after, whether or not something is due. */
const LANES_EVERY_MS = 2;

/**
 * Opens a flood of messages that nobody asked for, open-loop, over connections that stand as long as the target lets
 * them. A message counts as answered when the target has dealt with it, by an answer to what came behind it or by
 * closing the connection; the latency is that of the last message before each answer, from its intended time. It counts
 * as timed out when the target neither answers nor takes it in time; as wrong when an answer is no word of the protocol;
 * as dropped when this process could not connect for want of descriptors or ports. A message is made when it is sent:
 * what waits for a slow target is its intended time alone. After a `stop` all connections are closed.
 *
 * @param nextMessage makes the next message; its bytes are used at once
 */
export function openMessageFlood(
  plan: PeerLoadPlan & { readonly connections: number },
  to: LoopbackAddress,
  nextMessage: () => Buffer,
): LoadDriver {
  const { nowMs } = systemClock;
  const { timeoutMs, identity } = plan;
  const latency = createLatencyRecorder(timeoutMs + 2 * MAX_LATENESS_MS);
  const watch = createGeneratorWatch('peer');
  const counts = { offered: 0, answered: 0, wrong: 0, errors: 0, timeouts: 0 };
  const waiting = createTimeQueue();
  const keys = createPeerKeys();
  let unsent = 0;
  let turn = 0;
  let upkeep: NodeJS.Timeout | undefined;

  const habit = createReadingHabit();
  const nextSource = sourceAddresses('attacker', to);
  const options = { to, keys, identity, timeoutMs, nextSource, habit };
  const lanes: readonly FloodLane[] = Array.from({ length: plan.connections }, () =>
    createFloodLane(options, {
      answered(intendedMs, isLast) {
        counts.answered++;
        if (!isLast) return;
        latency.record(nowMs() - intendedMs);
        sendWaiting();
      },
      failed(how) {
        if (how === 'wrong') counts.wrong++;
        else counts.timeouts++;
      },
    }),
  );

  /** The next lane in turn that can take a message; null while none can. */
  const freeLane = (): FloodLane | null => {
    for (let tried = 0; tried < lanes.length; tried++) {
      turn = (turn + 1) % lanes.length;
      const lane = lanes[turn] as FloodLane;
      if (lane.isFree()) return lane;
    }
    return null;
  };

  const sendWaiting = (): void => {
    while (waiting.length > 0) {
      const lane = freeLane();
      if (lane === null) return;
      const intendedMs = waiting.shift() as number;
      counts.offered++;
      lane.send(nextMessage(), intendedMs);
    }
  };

  /** What no lane took in time: the target's doing, unless we could not connect. */
  const giveUpBefore = (beforeMs: number): void => {
    const isOurs = lanes.every((lane) => lane.failedHere());
    while ((waiting.first() ?? beforeMs) < beforeMs) {
      waiting.shift();
      if (isOurs) {
        unsent++;
      } else {
        counts.offered++;
        counts.timeouts++;
      }
    }
  };

  const loop = createOpenLoop(
    arrivalsOf(plan),
    {
      offer(intendedMs, now) {
        // What waits from here on waits for the target.
        watch.recordScheduleError(now - intendedMs);
        waiting.push(intendedMs);
        sendWaiting();
      },
      expire: (now) => giveUpBefore(now - timeoutMs),
      inFlight: () => lanes.reduce((sum, lane) => sum + lane.inFlight(), waiting.length),
    },
    nowMs,
  );
  const advanceLanes = (): void => {
    const now = nowMs();
    for (const lane of lanes) lane.advance(now, now - timeoutMs);
    sendWaiting();
  };
  const closeLanes = (): void => {
    clearInterval(upkeep);
    habit.close();
    for (const lane of lanes) lane.close();
  };
  const now = (latencyMs: LoadTick['latencyMs']): LoadTick => {
    const { intended, dropped } = loop.schedule();
    return {
      counters: { intended, ...counts, dropped: dropped + unsent },
      latencyMs,
      generator: { ...watch.health(null), io: habit.state() === 'one-by-one' ? 'peer-one-by-one' : 'peer' },
    };
  };

  return {
    start() {
      loop.start();
      watch.start();
      advanceLanes();
      upkeep = setInterval(advanceLanes, LANES_EVERY_MS);
    },
    async stop() {
      await loop.stop();
      closeLanes();
      return now(latency.total());
    },
    tick: () => now(latency.takeInterval()),
    probe: (timeout) => probePeer({ to, identity, keys }, timeout),
    close() {
      loop.close();
      closeLanes();
    },
  };
}
