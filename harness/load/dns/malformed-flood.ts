import { connect } from 'node:net';
import { systemClock } from '../../core/clock.js';
import { seededRandom } from '../../core/random.js';
import { arrivalsOf } from '../arrivals.js';
import { createGeneratorWatch } from '../generator-watch.js';
import type { LoadDriver, LoadTick } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { createOpenLoop } from '../open-loop.js';
import type { MalformedPlan } from '../plan.js';
import { probeDnsUdp } from './dns-udp-probe.js';
import { malformedPackets } from './malformed-packets.js';
import { probeQuestions } from './probe-question.js';
import { frame } from './tcp-frames.js';
import { connectUdpSocket } from './udp-socket.js';
import { normalizeZone } from './zone-name.js';

/** One packet in so many goes over TCP, on a connection of its own. */
const TCP_ONCE_IN = 50;
/** A connection that the target does not close is ours to close. */
const TCP_HOLD_MS = 500;
const MAX_TCP = 100;
const NO_LATENCY = { p50: null, p99: null };

/**
 * Opens a flood of packets that are no proper queries, nearly all over UDP. Whether a target answers one is its own
 * affair: a packet counts as answered when it was sent, and what it did to the target is for probes to tell.
 */
export async function openMalformedFlood(plan: MalformedPlan, target: LoopbackAddress): Promise<LoadDriver> {
  const { nowMs } = systemClock;
  const next = malformedPackets(normalizeZone(plan.zone), plan.seed);
  const random = seededRandom(~plan.seed);
  const nextProbe = probeQuestions({ ...plan, acceptedRcodes: ['NOERROR'] });
  const { socket } = await connectUdpSocket(target);
  const watch = createGeneratorWatch('dgram');
  const visits = new Set<ReturnType<typeof connect>>();
  let sent = 0;
  // Answers are read and thrown away; a refusal is the target's death, which the probe tells.
  socket.on('message', () => undefined);
  socket.on('error', () => undefined);

  const visit = (packet: Buffer): void => {
    const connection = connect({ host: target.host, port: target.port, autoSelectFamily: false });
    visits.add(connection);
    connection.on('error', () => undefined);
    connection.on('close', () => visits.delete(connection));
    connection.setTimeout(TCP_HOLD_MS, () => connection.destroy());
    connection.on('connect', () => connection.end(frame(packet)));
    connection.resume();
  };
  const offer = (intendedMs: number, now: number): void => {
    watch.recordScheduleError(now - intendedMs);
    const packet = next();
    sent++;
    if (random() % TCP_ONCE_IN === 0 && visits.size < MAX_TCP) visit(packet);
    else socket.send(packet, () => undefined);
  };
  const loop = createOpenLoop(arrivalsOf(plan), { offer, expire: () => undefined, inFlight: () => 0 }, nowMs);
  const closeVisits = (): void => {
    for (const connection of visits) connection.destroy();
  };
  const now = (): LoadTick => {
    const { intended, dropped } = loop.schedule();
    const counters = { intended, offered: sent, answered: sent, wrong: 0, errors: 0, timeouts: 0, dropped };
    return { counters, latencyMs: NO_LATENCY, generator: watch.health(null) };
  };

  return {
    start() {
      loop.start();
      watch.start();
    },
    async stop() {
      await loop.stop();
      closeVisits();
      return now();
    },
    tick: now,
    probe: (timeoutMs) => {
      const { expected, accepted } = nextProbe();
      return probeDnsUdp(target, expected, accepted, timeoutMs);
    },
    close() {
      loop.close();
      closeVisits();
      socket.close();
    },
  };
}
