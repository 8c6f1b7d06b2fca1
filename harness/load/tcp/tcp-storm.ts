import { arrivalsOf } from '../arrivals.js';
import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import type { TcpStormPlan } from '../plan.js';
import { openStorm } from './connection-storm.js';
import { openStormConnection } from './storm-connection.js';
import { stormModes } from './storm-modes.js';
import { probeTcp } from './tcp-probe.js';

/**
 * Opens a storm of TCP connections: each behaves as the mode drawn for it, and counts as answered when it stands; as
 * timed out when it is refused, reset before, or does not stand in time.
 *
 * @throws HarnessError `usage` for weights that name no mode
 */
export async function openTcpStorm(plan: TcpStormPlan, target: LoopbackAddress): Promise<LoadDriver> {
  const nextMode = stormModes(plan.modes, plan.seed);
  return openStorm({
    arrivals: arrivalsOf(plan),
    maxConnections: plan.maxConnections,
    timeoutMs: plan.timeoutMs,
    io: 'tcp',
    open: (nowMs, listener) => openStormConnection(target, nextMode(), nowMs + plan.holdMs, listener),
    probe: (timeoutMs) => probeTcp(plan, target, timeoutMs),
  });
}
