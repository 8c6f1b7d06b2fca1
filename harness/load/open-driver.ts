import { systemClock } from '../core/clock.js';
import { couldNotRun } from '../core/errors.js';
import { parseDohTarget } from './dns/doh-target.js';
import { openMalformedFlood } from './dns/malformed-flood.js';
import { openDnsTcp } from './dns/open-dns-tcp.js';
import { openDnsUdp } from './dns/open-dns-udp.js';
import { openDoh } from './dns/open-doh.js';
import { openHttpClosed } from './http/http-closed.js';
import { openHttpFlood } from './http/http-flood.js';
import { parseHttpTarget } from './http/http-target.js';
import { openLargeBodies } from './http/large-bodies.js';
import type { LoadDriver } from './load-driver.js';
import { type LoopbackAddress, parseLoopback } from './loopback-address.js';
import { openMix } from './mix.js';
import { openBlockBurst } from './peer/block-burst.js';
import { openPeerChurn } from './peer/peer-churn.js';
import { openPeerExchange } from './peer/peer-exchange.js';
import type { DriverPlan } from './plan.js';
import { openTcpStorm } from './tcp/tcp-storm.js';

/**
 * Opens the driver that a plan asks for, over the transport it uses: the one place that knows every kind
 * but those that bring servers of their own along (`prepareLoad`).
 *
 * @param addresses of the target by service, e.g. `{dns: "127.0.0.1:40001"}`
 * @throws HarnessError when the target has no such service, or is not on this machine
 */
export async function openDriver(
  plan: DriverPlan,
  addresses: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<LoadDriver> {
  switch (plan.kind) {
    case 'dns-tcp':
      return openDnsTcp(plan, addressOf('dns-tcp', addresses, plan.allowRemote), log);
    case 'doh':
      return openDoh(plan, parseDohTarget(textOf('doh', addresses), plan.allowRemote), log);
    case 'tcp-storm': {
      const service = plan.probe === 'dns' && addresses.tcp === undefined ? 'dns-tcp' : 'tcp';
      return openTcpStorm(plan, addressOf(service, addresses, plan.allowRemote));
    }
    case 'block-burst':
      return openBlockBurst(plan, addressOf('peer', addresses, plan.allowRemote));
    case 'peer-exchange':
      return openPeerExchange(plan, addressOf('peer', addresses, plan.allowRemote));
    case 'peer-churn':
      return openPeerChurn(plan, addressOf('peer', addresses, plan.allowRemote));
    case 'dns-udp-flood':
      return openDnsUdp(plan, addressOf('dns', addresses, plan.allowRemote), log);
    case 'dns-malformed':
      return openMalformedFlood(plan, addressOf('dns', addresses, plan.allowRemote));
    case 'large-bodies':
      return openLargeBodies(plan, parseDohTarget(textOf('doh', addresses), plan.allowRemote));
    case 'mix':
      return openMix(plan.parts.map((part) => () => openDriver(part, addresses, log)));
    case 'http-flood': {
      const target = parseHttpTarget(textOf('http', addresses), plan.allowRemote);
      const deps = { nowMs: systemClock.nowMs, log };
      const { outstanding } = plan;
      return outstanding === undefined
        ? openHttpFlood(plan, target, deps)
        : openHttpClosed({ ...plan, outstanding }, target, deps);
    }
  }
}

/** Where the target serves. Throws `usage` when that is not on this machine, `could-not-run` when it is not known. */
export function addressOf(
  service: string,
  addresses: Readonly<Record<string, string>>,
  allowRemote: readonly string[] = [],
): LoopbackAddress {
  return parseLoopback(textOf(service, addresses), allowRemote);
}

function textOf(service: string, addresses: Readonly<Record<string, string>>): string {
  const text = addresses[service];
  if (text !== undefined) return text;
  const known = Object.keys(addresses).join(', ') || 'none';
  throw couldNotRun(`the target has no "${service}" address to send load to (its addresses: ${known})`);
}
