import type { Scenario } from '../harness/index.js';
import { http } from './http.js';
import { ownLoad } from './own-load.js';
import { udpFlood } from './udp-flood.js';
import { upstreamLoss } from './upstream-loss.js';

/** Every built-in scenario, in the order they are listed. */
export const SCENARIOS: readonly Scenario[] = [udpFlood, upstreamLoss, http, ownLoad];
