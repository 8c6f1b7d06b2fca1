import type { Service } from '../core/service-address.js';
import { plannedAddress } from './dns/answer-judge.js';
import { probeDnsTcp } from './dns/dns-tcp-probe.js';
import { probeDnsUdp } from './dns/dns-udp-probe.js';
import { RCODE, TYPE } from './dns/dns-wire.js';
import { parseDohTarget } from './dns/doh-target.js';
import { probeDoh } from './dns/open-doh.js';
import { ipv4NumberOf, PROBE_PREFIX } from './dns/synthetic-answers.js';
import type { ProbeOutcome } from './load-driver.js';
import { parseLoopback } from './loopback-address.js';
import { DEFAULT_IDENTITY } from './peer/identity.js';
import { probePeer } from './peer/peer-probe.js';
import { createPeerKeys } from './peer/wire/peer-keys.js';
import type { AnswerPlan } from './plan.js';
import { probeTcp } from './tcp-probe.js';

/** Which service is asked, and for what. */
export interface ServiceQuestion {
  readonly service: Service;
  /** Names are made below this zone. */
  readonly zone: string;
  readonly answers: AnswerPlan;
}

/**
 * Asks one service for a name that nobody asked for before, over a socket of its own, and checks the answer in full; of
 * a peer, whether it shakes hands with a newcomer; of one whose protocol is not ours to speak, whether it accepts a
 * connection.
 * A service that the target does not have is an outcome too: never rejects over what the target does.
 *
 * @param number makes the name
 */
export async function probeService(
  { service, zone, answers }: ServiceQuestion,
  addresses: Readonly<Record<string, string>>,
  number: number,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const text = addresses[service];
  if (text === undefined) return { ok: false, message: `the target has no "${service}" address` };
  const name = `${PROBE_PREFIX}${number}.${zone}`;
  const address = answers === 'derived' ? ipv4NumberOf(name) : plannedAddress(answers);
  const expected = { name, type: TYPE.A, address };
  const accepted = new Set<number>([RCODE.NOERROR]);
  switch (service) {
    case 'dns':
      return probeDnsUdp(parseLoopback(text), expected, accepted, timeoutMs);
    case 'dns-tcp':
      return probeDnsTcp(parseLoopback(text), { expected, accepted }, timeoutMs);
    case 'doh':
      return probeDoh(
        parseDohTarget(text),
        { expected, accepted },
        { http: '1.1', insecure: false, connections: 1, timeoutMs },
      );
    case 'peer':
      return probePeer(
        { to: parseLoopback(text), identity: DEFAULT_IDENTITY, keys: createPeerKeys() },
        timeoutMs,
      );
    case 'http':
    case 'tcp':
      return probeTcp({ [service]: text }, timeoutMs);
  }
}
