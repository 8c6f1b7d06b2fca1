import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../core/clock.js';
import type { LoadDriver, ProbeOutcome } from '../load-driver.js';
import type { LoopbackAddress } from '../loopback-address.js';
import { openBlockFlood } from './block-burst.js';
import type { HonestPeers } from './honest-peers.js';
import type { ChainSyncPlan } from './peer-plan.js';
import { callPeer, probePeer, type Reception } from './peer-probe.js';
import { describeProgress } from './sync-progress.js';
import { createPeerKeys } from './wire/peer-keys.js';

/** Pause between two looks at how far the target is, and how long one is looked for when the load ends. */
const LOOK_EVERY_MS = 100;
const LAST_LOOK_MS = 1000;

/**
 * Has the target synchronise from honest peers while an attacker floods it. The counters are the attacker's; the honest
 * peers go on after a `stop`, until `close`. The probe is an honest newcomer's handshake before the first `start`; after
 * it, the target must tell that newcomer the full height and the hash of the last block.
 */
export async function openChainSync(
  plan: ChainSyncPlan,
  to: LoopbackAddress,
  peers: HonestPeers,
  log: (line: string) => void,
): Promise<LoadDriver> {
  const { chain, identity } = peers;
  const flood = openBlockFlood({ ...plan, identity }, to, chain);
  const caller = { to, identity, keys: createPeerKeys() };
  let hasCalled = false;

  const judge = (reception: Reception): ProbeOutcome => {
    if (reception.state === 'failed') return { ok: false, message: reception.message };
    const { height, hash } = reception;
    const figures = describeProgress(peers.progress(), chain);
    if (height !== chain.height)
      return { ok: false, message: `${to.text} is at height ${height} of ${chain.height}, after ${figures}` };
    const isSame = hash === chain.tip;
    const verdict = isSame ? 'the same last block' : `another last block, ${hash}`;
    return {
      ok: isSame,
      message: `${to.text} has all ${chain.height} blocks and ${verdict}, after ${figures}`,
    };
  };
  const probeSync = async (timeoutMs: number): Promise<ProbeOutcome> => {
    const endMs = systemClock.nowMs() + timeoutMs;
    let heard: Reception | null = null;
    for (;;) {
      const leftMs = Math.max(1, endMs - systemClock.nowMs());
      const reception = await callPeer(caller, leftMs, true);
      // The last call may have been cut short by our own limit: what an earlier one heard tells more.
      if (reception.state === 'received' || heard === null) heard = reception;
      const outcome = judge(heard);
      if (outcome.ok || systemClock.nowMs() + LOOK_EVERY_MS >= endMs) return outcome;
      await sleep(LOOK_EVERY_MS);
    }
  };

  return {
    ...flood,
    start() {
      flood.start();
      if (!hasCalled) peers.call(to);
      hasCalled = true;
    },
    async stop() {
      const total = await flood.stop();
      const { message } = await probeSync(LAST_LOOK_MS);
      const { height, tip } = peers.progress();
      log(`${message}; its last Ping or Pong told height ${height}, block ${tip}`);
      return total;
    },
    probe: (timeoutMs) => (hasCalled ? probeSync(timeoutMs) : probePeer(caller, timeoutMs)),
  };
}
