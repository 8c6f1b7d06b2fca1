import { once } from 'node:events';
import { createServer } from 'node:net';
import { boundEndpoint, listening } from '../dns/tcp-server.js';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { StructureSize } from '../ops/structure.js';
import type { PeerCounters } from './peer-counters.js';
import { type PeerDeps, PeerNetwork, type PeerOptions, type PeerParts } from './peer-network.js';

/** The node as a peer: it listens, dials, and keeps its chain the same as theirs. */
export interface PeerService {
  readonly address: Endpoint;
  readonly counters: PeerCounters;
  structures(): readonly StructureSize[];
  /** Peers that have shaken hands, and the highest chain that one of them claims to have. */
  status(): { readonly peers: number; readonly maxHeight: number };
  /** Stops listening and closes every connection; resolves when the chain is written. */
  close(): Promise<void>;
}

/** Connections over the limit that Node may hand over before it closes them itself: room for the table to choose. */
const SURPLUS_CONNECTIONS = 16;

/** Listens on `listen` and begins to dial; rejects with the system's error when the address cannot be had. */
export async function openPeers(
  listen: Endpoint,
  options: PeerOptions,
  parts: PeerParts,
  deps: PeerDeps,
): Promise<PeerService> {
  const server = createServer();
  if (parts.inbound.limit !== null) server.maxConnections = parts.inbound.limit + SURPLUS_CONNECTIONS;
  await listening(server, listen);
  const network = new PeerNetwork(options, parts, deps);
  server.on('connection', (socket) => network.accept(socket));
  server.on('drop', () => {
    network.counters.refused += 1;
  });
  server.on('error', (error) => deps.log.warn('peers', `peer server: ${reasonOf(error)}`));
  return {
    address: boundEndpoint(server, listen),
    counters: network.counters,
    structures: () => network.structures(),
    status: () => ({ peers: network.readyCount, maxHeight: network.maxHeight }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await network.close();
      await closed;
    },
  };
}
