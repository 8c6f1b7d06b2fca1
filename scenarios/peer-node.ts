import { type NodeTerms, type Scenario, SERVER_BUDGETS } from '../harness/index.js';
import { nodeConfig } from './dns-node.js';
import { CHAIN_DIFFICULTY } from './peer-load.js';

/** What every scenario on the node as a peer has in common, and what each one sets for itself. */
export interface PeerNodeScenario {
  /** Settings under `[net]` that differ from `SMALL`. */
  readonly net?: Readonly<Record<string, number>>;
  readonly ofNode?: NodeTerms;
}

/** In the run's folder. */
const CHAIN_FOLDER = 'chain';

/** Small enough that all of it is full within the warm-up, but for what the load's own connections fill and empty. */
const SMALL = {
  // One or two of a load's ten connections more or less must not look like filling.
  max_inbound_peers: 200,
  max_new_peers: 100,
  max_banned_ips: 4,
  max_future_blocks: 200,
  max_future_blocks_mb: 1,
  // It is let go of by halves: of two it is always full.
  max_seen_blocks: 2,
  block_timeout_sec: 1,
  dial_interval_sec: 1,
} as const;

/** A node that is a peer with an empty chain, and a resolver: what happens among peers must not be felt by those who ask for names. */
export function peerNode(
  own: PeerNodeScenario = {},
): Pick<Scenario, 'needs' | 'budgets' | 'overload' | 'targetConfig' | 'ofNode'> {
  return {
    needs: ['peer'],
    budgets: SERVER_BUDGETS,
    overload: false,
    targetConfig: ({ upstream, folder }) => ({
      ...nodeConfig(upstream, { cache_max_memory_mb: 0.001 }),
      net: { listen: '127.0.0.1:0', ...SMALL, ...own.net },
      chain: { folder: `${folder}/${CHAIN_FOLDER}`, difficulty: CHAIN_DIFFICULTY },
    }),
    ofNode: { services: ['dns', 'dns-tcp', 'peer'], ownFolders: [CHAIN_FOLDER], ...own.ofNode },
  };
}
