import type { Scenario } from '../harness/index.js';
import { blockBurst } from './block-burst.js';
import { chainSync } from './chain-sync.js';
import { dnsTcp } from './dns-tcp.js';
import { dohFlood } from './doh-flood.js';
import { http } from './http.js';
import { ownLoad } from './own-load.js';
import { peerChurn } from './peer-churn.js';
import { peerExchange } from './peer-exchange.js';
import { tcpStorm } from './tcp-storm.js';
import { udpFlood } from './udp-flood.js';
import { upstreamLoss } from './upstream-loss.js';

/** Every built-in scenario, in the order they are listed. */
export const SCENARIOS: readonly Scenario[] = [
  udpFlood,
  upstreamLoss,
  dnsTcp,
  dohFlood,
  tcpStorm,
  blockBurst,
  peerExchange,
  peerChurn,
  chainSync,
  http,
  ownLoad,
];
