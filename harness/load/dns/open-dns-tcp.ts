import { systemClock } from '../../core/clock.js';
import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { DnsTcpPlan } from '../plan.js';
import { openDnsFlood } from './dns-flood.js';
import { probeDnsTcp } from './dns-tcp-probe.js';
import { probeQuestions } from './probe-question.js';
import { roundUpLanes } from './question-book.js';
import { openTcpLanes } from './tcp-lanes.js';
import { openTcpVisits } from './tcp-visits.js';

/** Enough for 10 000 visits a second that take 0.1 s each. */
const DEFAULT_VISITS = 1000;

/** Opens a load of DNS questions over TCP. */
export function openDnsTcp(
  plan: DnsTcpPlan,
  target: LoopbackAddress,
  log: (line: string) => void,
): Promise<LoadDriver> {
  const nextProbe = probeQuestions(plan);
  const { mode, connections, close = 'fin', timeoutMs } = plan;
  return openDnsFlood(plan, {
    io: 'tcp',
    nowMs: systemClock.nowMs,
    ...(mode === 'pipelined' && connections !== undefined ? { lanes: roundUpLanes(connections) } : {}),
    openLanes: async (count, onMessage) =>
      mode === 'pipelined'
        ? openTcpLanes(target, count, onMessage)
        : openTcpVisits(target, onMessage, { connections: connections ?? DEFAULT_VISITS, close, timeoutMs }),
    probe: (probeTimeoutMs) => probeDnsTcp(target, nextProbe(), probeTimeoutMs),
    log,
  });
}
