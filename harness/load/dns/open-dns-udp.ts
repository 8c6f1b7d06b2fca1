import { systemClock } from '../../core/clock.js';
import { messageOf, usageError } from '../../core/errors.js';
import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { DnsUdpFloodPlan } from '../plan.js';
import { openDnsFlood } from './dns-flood.js';
import { probeDnsUdp } from './dns-udp-probe.js';
import { loadMmsg } from './mmsg.js';
import { openMmsgFlood } from './mmsg-flood.js';
import { probeQuestions } from './probe-question.js';
import { openUdpLanes } from './udp-lanes.js';

/** The thread that floods with many datagrams per call; it stands beside the compiled form of this file. */
const MMSG_WORKER = new URL('./mmsg-worker.js', import.meta.url);

/**
 * Opens a flood over UDP the fast way where that works, else the one that works everywhere, and says which.
 *
 * @throws HarnessError `could-not-run` when the plan insists on a way that does not work here
 */
export async function openDnsUdp(
  plan: DnsUdpFloodPlan,
  target: LoopbackAddress,
  log: (line: string) => void,
  worker: URL = MMSG_WORKER,
): Promise<LoadDriver> {
  const nextProbe = probeQuestions(plan);
  const probe = (timeoutMs: number) => {
    const { expected, accepted } = nextProbe();
    return probeDnsUdp(target, expected, accepted, timeoutMs);
  };
  const { io = 'auto' } = plan;
  if (io !== 'dgram') {
    try {
      await loadMmsg();
      const driver = await openMmsgFlood(plan, target, { worker, probe, log });
      log('driver: sendmmsg and recvmmsg, up to 64 datagrams per call');
      return driver;
    } catch (error) {
      if (io === 'mmsg') throw error;
      log(`driver: node:dgram, since ${messageOf(error)}`);
    }
  } else {
    log('driver: node:dgram, as the plan says');
  }
  if ((plan.drivers ?? 1) > 1)
    throw usageError('load plan: drivers above 1 need sendmmsg; leave drivers at 1');
  return openDnsFlood(plan, {
    io: 'dgram',
    nowMs: systemClock.nowMs,
    openLanes: (count, onMessage) => openUdpLanes(target, count, onMessage, log),
    probe,
    log,
  });
}
