import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { burstMessages } from './burst-messages.js';
import { makeChain } from './chain/make-chain.js';
import { openMessageFlood } from './message-flood.js';
import type { BlockBurstPlan } from './peer-plan.js';

/**
 * Opens a flood of blocks that nobody asked for; the probe is an honest newcomer's handshake.
 *
 * @throws HarnessError `usage` for weights that name no part
 */
export async function openBlockBurst(plan: BlockBurstPlan, target: LoopbackAddress): Promise<LoadDriver> {
  return openMessageFlood(plan, target, burstMessages(plan, makeChain(plan.chain)));
}
