import type { Scenario } from '../harness/index.js';
import { blockBurst } from './block-burst.js';
import { chainSync } from './chain-sync.js';
import { cnameFanout } from './cname-fanout.js';
import { debugLog } from './debug-log.js';
import { delegatedFlood } from './delegated-flood.js';
import { dnsMix } from './dns-mix.js';
import { dnsTcp } from './dns-tcp.js';
import { dohFlood } from './doh-flood.js';
import { domainLookups } from './domain-lookups.js';
import { http } from './http.js';
import { malformedFlood } from './malformed-flood.js';
import { ownLoad } from './own-load.js';
import { peerChurn } from './peer-churn.js';
import { peerExchange } from './peer-exchange.js';
import { tcpFallback } from './tcp-fallback.js';
import { tcpStorm } from './tcp-storm.js';
import { ttlChurn } from './ttl-churn.js';
import { udpFlood } from './udp-flood.js';
import { udpOverload } from './udp-overload.js';
import { upstreamLoss } from './upstream-loss.js';

/** Every built-in scenario, in the order they are listed. */
export const SCENARIOS: readonly Scenario[] = [
  udpFlood,
  ttlChurn,
  upstreamLoss,
  udpOverload,
  tcpStorm,
  tcpFallback,
  delegatedFlood,
  cnameFanout,
  dohFlood,
  malformedFlood,
  domainLookups,
  debugLog,
  dnsMix,
  dnsTcp,
  blockBurst,
  peerExchange,
  peerChurn,
  chainSync,
  http,
  ownLoad,
];
