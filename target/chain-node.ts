import { Chain } from './chain/chain.js';
import { chainDomains } from './chain/chain-domains.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { DomainSource } from './domains/domain-source.js';
import { type Endpoint, formatEndpoint, isLoopback } from './endpoint.js';
import { listening } from './listening.js';
import type { ChainHealth } from './ops/health-report.js';
import type { Log } from './ops/log.js';
import type { StructureSize } from './ops/structure.js';
import { openPeers, type PeerService } from './peer/open-peers.js';
import type { PeerOptions, PeerParts } from './peer/peer-network.js';
import { mayDial } from './peer/reach.js';

/** The node's chain and its peers. */
export interface ChainNode {
  readonly address: Endpoint;
  readonly domains: DomainSource;
  structures(): readonly StructureSize[];
  health(): ChainHealth;
  close(): Promise<void>;
}

/** The tables of the configuration that make the node a peer. */
export type ChainNodeConfig = Pick<Config, 'origin' | 'check_blocks'> & {
  readonly net: NonNullable<Config['net']>;
  readonly chain: NonNullable<Config['chain']>;
};

/** ALFIS's times: how long a connection may take to open, for the hello, for shaking hands. */
const CONNECT_LIMIT_MS = 10_000;
const HELLO_LIMIT_MS = 5_000;
const HANDSHAKE_LIMIT_MS = 10_000;

const systemSeconds = (): number => Math.floor(Date.now() / 1000);

/** Opens the chain, then the peer service. Throws `StartError` when one cannot start, and then nothing is left open. */
export async function openChainNode(
  config: ChainNodeConfig,
  parts: PeerParts,
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<ChainNode> {
  const { net, chain: settings } = config;
  const options = {
    folder: settings.folder,
    origin: config.origin,
    difficulty: settings.difficulty,
    checkBlocks: config.check_blocks,
  };
  const chain = await Chain.open(options, systemSeconds, deps.log);
  let service: PeerService;
  try {
    const opening = openPeers(net.listen, peerOptions(net, deps.log), parts, { chain, ...deps });
    service = await listening('[net] listen', net.listen, opening);
  } catch (error) {
    await chain.close();
    throw error;
  }
  return {
    address: service.address,
    domains: chainDomains(chain, systemSeconds, (server) => mayDial(server, net.reach)),
    structures: service.structures,
    health: () => {
      const { peers, maxHeight } = service.status();
      const { height, tip, origin } = chain;
      return {
        height,
        max_height: maxHeight,
        tip: tip?.hash ?? null,
        origin,
        peers,
        counters: service.counters,
      };
    },
    close: async () => {
      await service.close();
      await chain.close();
    },
  };
}

function peerOptions(net: ChainNodeConfig['net'], log: Log): PeerOptions {
  const pingMs = Math.ceil(net.ping_interval_sec * 1000);
  return {
    peers: dialable(net, log),
    isPublic: net.public,
    reach: net.reach,
    sync: {
      timeoutMs: net.block_timeout_sec * 1000,
      requestsPerPeer: net.requests_per_peer,
      requests: net.max_future_blocks,
      window: Math.min(net.future_window, net.max_future_blocks),
    },
    upkeep: {
      pingMs,
      dialMs: net.dial_interval_sec * 1000,
      limitsMs: {
        connecting: CONNECT_LIMIT_MS,
        hello: HELLO_LIMIT_MS,
        keyed: HANDSHAKE_LIMIT_MS,
        ready: net.idle_timeout_sec * 1000,
      },
    },
  };
}

/** The configured peers that are dialled; says which are not. */
function dialable({ peers, reach }: ChainNodeConfig['net'], log: Log): Endpoint[] {
  return peers.flatMap((peer) => {
    const isName = typeof peer === 'string';
    if (!isName && (reach === 'everywhere' || isLoopback(peer))) return [peer];
    const why = isName
      ? 'is a name, and names are not resolved'
      : 'is not of this machine, and reach is "loopback"';
    log.info(`[net] peers: ${isName ? peer : formatEndpoint(peer)} is not dialled: it ${why}`);
    return [];
  });
}
