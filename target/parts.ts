import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { TtlCaps } from './dns/answer.js';
import type { AnswerCache } from './dns/answer-cache.js';
import type { ChaseResults } from './dns/chase.js';
import type { DatagramNames } from './dns/datagram-names.js';
import type { DnsServerOpeners } from './dns/dns-servers.js';
import type { InFlightTableFactory } from './dns/in-flight.js';
import type { ReadBody } from './dns/request-body.js';
import type { StreamExchange } from './dns/stream-exchange.js';
import type { TcpServerDeps } from './dns/tcp-server.js';
import type { UdpServerDeps } from './dns/udp-server.js';
import type { Delegation } from './domains/delegation.js';
import type { DomainInfo, DomainSource } from './domains/domain-source.js';
import type { DelegationDeps } from './domains/shared-delegation.js';
import type { DebugLog } from './ops/debug-log.js';
import type { StructureSize } from './ops/structure.js';
import type { PeerParts } from './peer/peer-network.js';

/** The parts of the node of which there is more than one kind. */
export interface Parts {
  readonly debugLog: DebugLog;
  readonly cache: AnswerCache;
  readonly createTable: InFlightTableFactory;
  readonly exchange: StreamExchange;
  readonly domains: DomainParts;
  readonly createChaseResults: () => ChaseResults;
  readonly names: DatagramNames;
  readonly readBody: ReadBody;
  /** Made only when the node is a peer. */
  readonly createPeerParts: (
    net: NonNullable<Config['net']>,
    chain: NonNullable<Config['chain']>,
  ) => PeerParts;
  readonly openers: (deps: TcpServerDeps & UdpServerDeps) => DnsServerOpeners;
}

/** Those of them that have to do with domains of a zone file, made only when there is one. */
export interface DomainParts {
  createInfo(source: DomainSource, clock: Clock): DomainInfo & { size(): StructureSize };
  createDelegation(ttlCaps: TtlCaps, deps: DelegationDeps): Delegation;
}
