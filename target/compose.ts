/**
 * Puts the node together. The only file that looks at faults: each one is a choice between two implementations
 * of one interface, made here.
 */
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import { type AnswerCache, CACHE_STRUCTURE } from './dns/answer-cache.js';
import { DnsCache } from './dns/bounded-cache.js';
import { BoundedExchange } from './dns/bounded-exchange.js';
import { BoundedChaseResults, type ChaseResults } from './dns/chase.js';
import { cleanupLog } from './dns/cleanup-log.js';
import { connectionLimits } from './dns/connection-limits.js';
import { CHECKED_NAMES } from './dns/datagram-names.js';
import type { DnsServerOpeners } from './dns/dns-servers.js';
import { InFlightQueries, type InFlightTableFactory } from './dns/in-flight.js';
import { LoggedCache } from './dns/logged-cache.js';
import { LoopingNames } from './dns/looping-names.js';
import { MortalWorkers } from './dns/mortal-workers.js';
import { QUERIES_PER_QUESTION } from './dns/open-queries.js';
import { RecordSetCache } from './dns/record-set-cache.js';
import { readBoundedBody } from './dns/request-body.js';
import { SplitCache } from './dns/split-cache.js';
import { StallingExchange } from './dns/stalling-exchange.js';
import type { StreamExchange } from './dns/stream-exchange.js';
import { openTcpServer, type TcpServerDeps } from './dns/tcp-server.js';
import { TimerPerQueryTable } from './dns/timer-per-query.js';
import { openUdpServer, type UdpServerDeps } from './dns/udp-server.js';
import { UnboundedBodies } from './dns/unbounded-body.js';
import { UnboundedDnsCache } from './dns/unbounded-cache.js';
import { UnboundedChaseResults } from './dns/unbounded-chase.js';
import { UnboundedWorkerQueue } from './dns/worker-queue.js';
import { openWorkerTcpServer } from './dns/worker-tcp-server.js';
import { DomainInfoCache } from './domains/domain-info-cache.js';
import { PerQueryClients } from './domains/per-query-clients.js';
import { SharedDelegation } from './domains/shared-delegation.js';
import { UnboundedDomainInfo } from './domains/unbounded-domain-info.js';
import type { FaultId } from './faults.js';
import { type NodeDeps, openNode } from './node.js';
import { type DebugLog, NO_DEBUG_LOG, openDebugLog } from './ops/debug-log.js';
import { EndlessDebugLog } from './ops/endless-debug-log.js';
import type { DomainParts, Parts } from './parts.js';
import { RecentBans } from './peer/banned-ips.js';
import { BoundedInboundPeers } from './peer/inbound-peers.js';
import { SharedNewPeers } from './peer/new-peers.js';
import { MAX_OUTGOING } from './peer/peer-exchange.js';
import type { PeerParts } from './peer/peer-network.js';
import { RotatingSeenBlocks } from './peer/seen-blocks.js';
import { STRUCK, TAKEN } from './peer/unasked-messages.js';
import { UnboundedBans } from './peer/unbounded-bans.js';
import { UnboundedFutureBlocks } from './peer/unbounded-future-blocks.js';
import { UnboundedInboundPeers } from './peer/unbounded-inbound-peers.js';
import { UnboundedNewPeers } from './peer/unbounded-new-peers.js';
import { UnboundedSeenBlocks } from './peer/unbounded-seen-blocks.js';
import { WindowedFutureBlocks } from './peer/windowed-future-blocks.js';
import type { RunningNode } from './running-node.js';

/** The cache limit's unit is the MB of seed 000's sources: 2^20 bytes. */
const BYTES_PER_MB = 1 << 20;

/** Name under which `/health` lists the negative answers. */
const NEGATIVE_CACHE = 'dns-negative-cache';

/** Starts every service of the node. Throws `StartError` when one cannot start, and then nothing is left open. */
export async function startNode(
  config: Config,
  faults: ReadonlySet<FaultId>,
  deps: NodeDeps,
): Promise<RunningNode> {
  return openNode(config, chooseParts(config, faults, deps), deps);
}

function chooseParts({ dns, debug, net }: Config, faults: ReadonlySet<FaultId>, deps: NodeDeps): Parts {
  const { clock } = deps;
  const debugLog = createDebugLog(debug, faults);
  const cache = openCache(dns, faults, deps);
  return {
    debugLog,
    cache: debugLog === NO_DEBUG_LOG ? cache : new LoggedCache(cache, debugLog),
    createTable: tableFactory(dns, faults, clock),
    exchange: createExchange(dns, faults),
    domains: domainParts(dns, faults),
    createChaseResults: chaseResults(dns, faults),
    names: faults.has('name-decompression') ? new LoopingNames() : CHECKED_NAMES,
    readBody: faults.has('doh-body') ? new UnboundedBodies().read : readBoundedBody,
    openers: (serverDeps) => dnsOpeners(dns, net, faults, serverDeps),
    createPeerParts: (ownNet, chain) => peerParts(ownNet, chain, faults, clock),
  };
}

function createDebugLog(debug: Config['debug'], faults: ReadonlySet<FaultId>): DebugLog {
  if (faults.has('debug-log')) return new EndlessDebugLog(debug.file);
  if (debug.log === 'off') return NO_DEBUG_LOG;
  return openDebugLog(debug.file, debug.max_mb * BYTES_PER_MB);
}

function openCache(dns: Config['dns'], faults: ReadonlySet<FaultId>, { clock, log }: NodeDeps): AnswerCache {
  if (faults.has('dns-cache-names')) return new UnboundedDnsCache(clock);
  if (faults.has('dns-record-sets')) return new RecordSetCache(clock);
  const cleanupIntervalMs = dns.cache_cleanup_interval_sec * 1000;
  const maxBytes = Math.floor(dns.cache_max_memory_mb * BYTES_PER_MB);
  const maxNegativeBytes = Math.floor(dns.cache_max_negative_memory_mb * BYTES_PER_MB);
  return new SplitCache(
    new DnsCache(
      { maxBytes, cleanupIntervalMs, onCleanup: cleanupLog(log, 'cache-cleanup', CACHE_STRUCTURE) },
      clock,
    ),
    new DnsCache(
      {
        maxBytes: maxNegativeBytes,
        cleanupIntervalMs,
        name: NEGATIVE_CACHE,
        onCleanup: cleanupLog(log, 'negative-cache-cleanup', NEGATIVE_CACHE),
      },
      clock,
    ),
  );
}

/** How the DNS services are opened. */
function dnsOpeners(
  dns: Config['dns'],
  net: Config['net'],
  faults: ReadonlySet<FaultId>,
  deps: TcpServerDeps & UdpServerDeps,
): DnsServerOpeners {
  const tcpGuard = faults.has('worker-death') ? new MortalWorkers(dns.threads).guard : deps.guard;
  const tcpDeps = { ...deps, guard: tcpGuard };
  const peerConnections = net === undefined ? 0 : net.max_inbound_peers + MAX_OUTGOING;
  const options = {
    limits: connectionLimits({ ...dns, peerConnections }),
    idleTimeoutMs: dns.tcp_idle_timeout_sec * 1000,
  };
  return {
    udp: async (listen) => {
      if (!faults.has('dns-udp-queue')) return openUdpServer(listen, deps);
      const queue = new UnboundedWorkerQueue(dns.threads, deps.resolver);
      const udp = await openUdpServer(listen, { ...deps, resolver: queue });
      return { ...udp, structures: () => [...udp.structures(), ...queue.structures()] };
    },
    tcp: (listen) =>
      faults.has('dns-tcp-queue')
        ? openWorkerTcpServer(listen, dns.threads, tcpDeps)
        : openTcpServer(listen, options, tcpDeps),
  };
}

/** What answers for the domains of a zone file, with the two faults that concern them. */
function domainParts(dns: Config['dns'], faults: ReadonlySet<FaultId>): DomainParts {
  const timeoutMs = dns.forward_timeout_sec * 1000;
  const maxBytes = dns.domain_info_cache_max_memory_mb * BYTES_PER_MB;
  return {
    createInfo: (source, clock) =>
      faults.has('domain-info-cache')
        ? new UnboundedDomainInfo(source, clock)
        : new DomainInfoCache(source, maxBytes, clock),
    createDelegation: (ttlCaps, deps) =>
      faults.has('per-query-clients')
        ? new PerQueryClients(ttlCaps)
        : new SharedDelegation(
            { timeoutMs, limit: dns.max_in_flight, mixesCase: dns.enable_0x20, ttlCaps },
            deps,
          ),
  };
}

/** What deals with peers and their blocks. What nobody asked for is taken in where that is how a fault is reached. */
function peerParts(
  net: NonNullable<Config['net']>,
  { difficulty }: NonNullable<Config['chain']>,
  faults: ReadonlySet<FaultId>,
  clock: Clock,
): PeerParts {
  const perAddress = Math.min(net.max_inbound_peers_per_ip, net.max_inbound_peers);
  const window = net.future_window;
  const bytes = Math.floor(net.max_future_blocks_mb * BYTES_PER_MB);
  const future = { blocks: net.max_future_blocks, bytes, window, difficulty };
  const takesUnasked = (['future-blocks', 'seen-blocks', 'new-peers'] as const).some((id) => faults.has(id));
  return {
    future: faults.has('future-blocks') ? new UnboundedFutureBlocks() : new WindowedFutureBlocks(future),
    seen: faults.has('seen-blocks') ? new UnboundedSeenBlocks() : new RotatingSeenBlocks(net.max_seen_blocks),
    newPeers: faults.has('new-peers') ? new UnboundedNewPeers() : new SharedNewPeers(net.max_new_peers),
    inbound: faults.has('inbound-peers')
      ? new UnboundedInboundPeers()
      : new BoundedInboundPeers({ total: net.max_inbound_peers, perAddress }),
    banned: faults.has('banned-ips') ? new UnboundedBans(clock) : new RecentBans(net.max_banned_ips, clock),
    unasked: takesUnasked ? TAKEN : STRUCK,
  };
}

function chaseResults(dns: Config['dns'], faults: ReadonlySet<FaultId>): () => ChaseResults {
  if (faults.has('cname-results')) return () => new UnboundedChaseResults();
  return () => new BoundedChaseResults(dns.max_cname_results);
}

function createExchange(dns: Config['dns'], faults: ReadonlySet<FaultId>): StreamExchange {
  if (faults.has('tcp-fallback-stall')) return new StallingExchange();
  const timeoutMs = dns.forward_timeout_sec * 1000;
  return new BoundedExchange({ timeoutMs, limit: dns.max_upstream_connections });
}

function tableFactory(dns: Config['dns'], faults: ReadonlySet<FaultId>, clock: Clock): InFlightTableFactory {
  const timeoutMs = dns.forward_timeout_sec * 1000;
  if (faults.has('dns-in-flight')) return (onTimeout) => new TimerPerQueryTable(timeoutMs, onTimeout);
  const limit = dns.max_in_flight * QUERIES_PER_QUESTION;
  return (onTimeout) => new InFlightQueries({ timeoutMs, limit }, clock, onTimeout);
}
