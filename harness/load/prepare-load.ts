import { systemClock } from '../core/clock.js';
import { openCommandLoad } from './command-load.js';
import { startStubUpstream } from './dns/stub-upstream.js';
import type { LoadDriver, PossibleTick } from './load-driver.js';
import { addressOf, openDriver } from './open-driver.js';
import { openChainSync } from './peer/chain-sync.js';
import { startHonestPeers } from './peer/honest-peers.js';
import type { ProcessPlan } from './plan.js';
import { importTraffic } from './script/import-script.js';
import { openScriptLoad } from './script/script-load.js';

/** A load whose own servers are up, so that the target can be told of them before it starts. */
export interface PreparedLoad {
  /** Address of what the target may turn to: a DNS upstream, an honest peer; null for a load without one. */
  readonly upstream: string | null;
  /** Opens the driver; addresses of the target by service. */
  connect(addresses: Readonly<Record<string, string>>): Promise<LoadDriver<PossibleTick>>;
  /** Tells those servers whether the load is on; some behave otherwise then. */
  loadIs(on: boolean): void;
  /** Ends those servers; safe to call twice. */
  close(): void;
}

/** Where a load's words go. */
export interface LoadOutput {
  readonly log: (line: string) => void;
  /** Ends the session for an error that no command answers for. */
  readonly fail: (error: Error) => void;
}

/** Starts what the target may turn to. Throws `could-not-run`. */
export async function prepareLoad(plan: ProcessPlan, { log, fail }: LoadOutput): Promise<PreparedLoad> {
  if (plan.kind === 'command') {
    return alone(async (addresses) => openCommandLoad(plan, addresses, { log, fail }));
  }
  if (plan.kind === 'script') {
    const { nowMs } = systemClock;
    return alone(async (addresses) =>
      openScriptLoad(plan, await importTraffic(plan.path), addresses, { nowMs, log, fail }),
    );
  }
  const upstream =
    'upstream' in plan && plan.upstream !== null
      ? await startStubUpstream(plan.upstream, plan.seed, log)
      : null;
  if (plan.kind === 'chain-sync') {
    const peers = await startHonestPeers(plan);
    return {
      // A target that asks us for names need not be told of the peers: they call it.
      upstream: upstream?.address ?? peers.address,
      connect: async (addresses) =>
        openChainSync(plan, addressOf('peer', addresses, plan.allowRemote), peers, log),
      loadIs: (on) => upstream?.loadIs(on),
      close() {
        upstream?.close();
        peers.close();
      },
    };
  }
  return {
    upstream: upstream?.address ?? null,
    connect: (addresses) => openDriver(plan, addresses, log),
    loadIs: (on) => upstream?.loadIs(on),
    close: () => upstream?.close(),
  };
}

/** A load that has no server of its own. */
function alone(connect: PreparedLoad['connect']): PreparedLoad {
  return { upstream: null, connect, loadIs: () => undefined, close: () => undefined };
}
