import { systemClock } from '../core/clock.js';
import { couldNotRun } from '../core/errors.js';
import { openDnsUdpFlood } from './dns/dns-udp-flood.js';
import { probeDnsUdp } from './dns/dns-udp-probe.js';
import { openUdpLanes } from './dns/udp-lanes.js';
import { openHttpFlood } from './http/http-flood.js';
import { parseHttpTarget } from './http/http-target.js';
import type { LoadDriver } from './load-driver.js';
import { parseLoopback } from './loopback-address.js';
import type { CountingPlan } from './plan.js';

/**
 * Opens the driver that a plan asks for, over the transport it uses: the one place that knows every kind.
 *
 * @param addresses of the target by service, e.g. `{dns: "127.0.0.1:40001"}`
 * @throws HarnessError when the target has no such service, or is not on this machine
 */
export async function openDriver(
  plan: CountingPlan,
  addresses: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<LoadDriver> {
  switch (plan.kind) {
    case 'dns-udp-flood': {
      const target = parseLoopback(addressOf('dns', addresses));
      return openDnsUdpFlood(plan, {
        nowMs: systemClock.nowMs,
        openLanes: (count, onMessage) => openUdpLanes(target, count, onMessage, log),
        probe: (name, timeoutMs) => probeDnsUdp(target, name, timeoutMs),
      });
    }
    case 'http-flood':
      return openHttpFlood(plan, parseHttpTarget(addressOf('http', addresses)), {
        nowMs: systemClock.nowMs,
        log,
      });
  }
}

function addressOf(service: string, addresses: Readonly<Record<string, string>>): string {
  const text = addresses[service];
  if (text !== undefined) return text;
  const known = Object.keys(addresses).join(', ') || 'none';
  throw couldNotRun(`the target has no "${service}" address to send load to (its addresses: ${known})`);
}
