import type { LoadDriver } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { burstMessages } from './burst-messages.js';
import { type MadeChain, makeChain } from './chain/make-chain.js';
import { createLiar } from './liar.js';
import { openMessageFlood } from './message-flood.js';
import type { BlockBurstPlan } from './peer-plan.js';
import { sourceAddresses } from './source-addresses.js';
import { createPeerKeys } from './wire/peer-keys.js';

/**
 * Opens a flood of blocks that nobody asked for; the probe is an honest newcomer's handshake.
 *
 * @throws HarnessError `usage` for weights that name no part
 */
export async function openBlockBurst(plan: BlockBurstPlan, target: LoopbackAddress): Promise<LoadDriver> {
  return openBlockFlood(plan, target, makeChain(plan.chain));
}

/** The same with honest blocks from a chain that is made already. A liar stands beside it where lies are a part of it. */
export function openBlockFlood(
  plan: Omit<BlockBurstPlan, 'kind' | 'chain'>,
  to: LoopbackAddress,
  chain: MadeChain,
): LoadDriver {
  const flood = openMessageFlood(plan, to, burstMessages(plan, chain));
  if ((plan.parts['lying-height'] ?? 0) === 0) return flood;
  const { identity } = plan;
  const liar = createLiar({ to, identity, keys: createPeerKeys() }, sourceAddresses('liar', to));
  return {
    ...flood,
    start() {
      flood.start();
      liar.start();
    },
    async stop() {
      const total = await flood.stop();
      liar.stop();
      return total;
    },
    close() {
      liar.stop();
      flood.close();
    },
  };
}
