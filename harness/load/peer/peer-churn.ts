import { arrivalsOf } from '../arrivals.js';
import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { openStorm } from '../tcp/connection-storm.js';
import { weightedDraw } from '../weighted-draw.js';
import { openChurnConnection } from './churn-connection.js';
import type { ChurnMode, PeerChurnPlan } from './peer-plan.js';
import { probePeer } from './peer-probe.js';
import { sourceAddresses } from './source-addresses.js';
import { createPeerKeys } from './wire/peer-keys.js';

const MODES: readonly ChurnMode[] = ['handshake', 'stay', 'stranger', 'silent', 'half', 'mute'];

/**
 * Opens peers that come and go, each from the next of many addresses and as the mode drawn for it; the probe is an
 * honest newcomer's handshake.
 *
 * @throws HarnessError `usage` for weights that name no mode
 */
export async function openPeerChurn(plan: PeerChurnPlan, to: LoopbackAddress): Promise<LoadDriver> {
  const { identity } = plan;
  const nextMode = weightedDraw('modes', MODES, plan.modes, plan.seed);
  const nextSource = sourceAddresses('attacker', to, plan.sources);
  const nextLodger = sourceAddresses('lodger', to, plan.staySources);
  const keys = createPeerKeys();
  return openStorm({
    arrivals: arrivalsOf(plan),
    maxConnections: plan.maxConnections,
    timeoutMs: plan.timeoutMs,
    io: 'peer',
    open(nowMs, listener) {
      const mode = nextMode();
      const stays = mode === 'stay';
      const untilMs = nowMs + (stays ? plan.stayMs : plan.holdMs);
      const from = stays ? nextLodger() : nextSource();
      return openChurnConnection({ to, keys, identity, from }, mode, untilMs, listener);
    },
    probe: (timeoutMs) => probePeer({ to, identity, keys }, timeoutMs),
  });
}
