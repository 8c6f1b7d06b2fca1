/**
 * Puts the node together. The only file that looks at faults: each one is a choice between two implementations
 * of one interface, made here.
 */
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { TtlCaps } from './dns/answer.js';
import type { AnswerCache } from './dns/answer-cache.js';
import { DnsCache } from './dns/bounded-cache.js';
import { BoundedExchange } from './dns/bounded-exchange.js';
import { BoundedChaseResults, type ChaseResults } from './dns/chase.js';
import { createChasingResolver } from './dns/chasing-resolver.js';
import { type ConfiguredDoh, openConfiguredDoh } from './dns/configured-doh.js';
import { connectionLimits } from './dns/connection-limits.js';
import { CHECKED_NAMES } from './dns/datagram-names.js';
import { type DnsServerOpeners, type DnsServers, openDnsServers } from './dns/dns-servers.js';
import { type Forwarder, openForwarder } from './dns/forwarder.js';
import { InFlightQueries, type InFlightTableFactory } from './dns/in-flight.js';
import { LoggedCache } from './dns/logged-cache.js';
import { LoopingNames } from './dns/looping-names.js';
import { MortalWorkers } from './dns/mortal-workers.js';
import { QUERIES_PER_QUESTION } from './dns/open-queries.js';
import { RecordSetCache } from './dns/record-set-cache.js';
import { readBoundedBody } from './dns/request-body.js';
import { isolatingGuard } from './dns/request-guard.js';
import { createResolver, type Resolver } from './dns/resolver.js';
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
import { createDomainResolver } from './domains/domain-resolver.js';
import { PerQueryClients } from './domains/per-query-clients.js';
import { type DelegationDeps, SharedDelegation } from './domains/shared-delegation.js';
import { UnboundedDomainInfo } from './domains/unbounded-domain-info.js';
import { loadZoneFile } from './domains/zone-file.js';
import { formatEndpoint } from './endpoint.js';
import type { FaultId } from './faults.js';
import { listening, warnOfExposure, warnOfSilence } from './listening.js';
import { createCounters } from './ops/counters.js';
import { type DebugLog, NO_DEBUG_LOG, openDebugLog } from './ops/debug-log.js';
import { EndlessDebugLog } from './ops/endless-debug-log.js';
import { type HealthServer, openHealthServer } from './ops/health.js';
import type { Log } from './ops/log.js';
import type { RunningNode } from './running-node.js';
import { VERSION } from './version.js';

/** What the node works with. */
export interface NodeDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** What the zones that the node answers for itself work with. */
interface DomainDeps extends DelegationDeps {
  readonly resolver: Resolver;
  readonly ttlCaps: TtlCaps;
  readonly cache: AnswerCache;
}

/** The cache limit's unit is the MB of seed 000's sources: 2^20 bytes. */
const BYTES_PER_MB = 1 << 20;

/** Starts every service of the node. Throws `StartError` when one cannot start, and then nothing is left open. */
export async function startNode(
  config: Config,
  faults: ReadonlySet<FaultId>,
  deps: NodeDeps,
): Promise<RunningNode> {
  const { clock, log } = deps;
  const { dns, ops } = config;
  const startedMs = clock();
  const counters = createCounters();
  const debugLog = createDebugLog(config.debug, faults);
  const cache = createCache(dns, faults, clock, debugLog);
  let forwarder: Forwarder | null = null;
  let resolver: Resolver | null = null;
  let domains: Resolver | null = null;
  let servers: DnsServers | null = null;
  let doh: ConfiguredDoh | null = null;
  let health: HealthServer | null = null;
  const close = async (): Promise<void> => {
    const closing = [servers?.close(), doh?.close(), health?.close()];
    domains?.close();
    resolver?.close();
    forwarder?.close();
    cache.close();
    debugLog.close();
    [servers, doh, forwarder, health] = [null, null, null, null];
    await Promise.all(closing);
  };
  try {
    const ttlCaps = { maxTtlSec: dns.cache_max_ttl_sec, maxNegativeTtlSec: dns.cache_max_negative_ttl_sec };
    const createTable = tableFactory(dns, faults, clock);
    forwarder = await openForwarder(
      { forwarders: dns.forwarders, timeoutMs: dns.forward_timeout_sec * 1000, ttlCaps },
      { createTable, exchange: createExchange(dns, faults), clock, counters, log },
    );
    resolver = createResolver(
      {
        maxInFlight: dns.max_in_flight,
        maxQueued: dns.udp_queue_size,
        maxQueuedMs: dns.queue_max_age_sec * 1000,
        failureTtlMs: dns.cache_failure_ttl_sec * 1000,
      },
      { cache, forwarder, clock, counters, log },
    );
    const guard = isolatingGuard(counters, log);
    const names = faults.has('name-decompression') ? new LoopingNames() : CHECKED_NAMES;
    domains = openDomains(dns, faults, { resolver, ttlCaps, cache, clock, counters, log });
    const chasing = createChasingResolver({
      resolver: domains ?? resolver,
      cache,
      createResults: chaseResults(dns, faults),
    });
    const serverDeps = { resolver: chasing, guard, names, clock, counters, log };
    const opened = openDnsServers(dns.listen, dnsOpeners(dns, faults, serverDeps));
    servers = await listening('[dns] listen', dns.listen, opened);
    if (config.doh !== undefined) {
      const readBody = faults.has('doh-body') ? new UnboundedBodies().read : readBoundedBody;
      const opening = openConfiguredDoh(config.doh, { ...serverDeps, readBody });
      doh = await listening('[doh] listen', config.doh.listen, opening);
    }
    const structures = [
      resolver.structures,
      servers.structures,
      debugLog.structures,
      ...(domains === null ? [] : [domains.structures]),
      ...(doh === null ? [] : [doh.structures]),
    ];
    const opening = openHealthServer(ops.listen, log, () => ({
      status: 'healthy',
      uptime_sec: Math.floor((clock() - startedMs) / 1000),
      version: VERSION,
      structures: structures.flatMap((read) => read()),
      counters,
    }));
    health = await listening('[ops] listen', ops.listen, opening);
    warnOfExposure({ dns: servers.address, ops: health.address }, log);
    warnOfSilence(dns.forwarders, log);
    return {
      addresses: {
        dns: formatEndpoint(servers.address),
        'dns-tcp': formatEndpoint(servers.address),
        ...(doh === null ? {} : { doh: doh.url }),
        ops: formatEndpoint(health.address),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createCache(
  dns: Config['dns'],
  faults: ReadonlySet<FaultId>,
  clock: Clock,
  debugLog: DebugLog,
): AnswerCache {
  const cache = openCache(dns, faults, clock);
  return debugLog === NO_DEBUG_LOG ? cache : new LoggedCache(cache, debugLog);
}

function createDebugLog(debug: Config['debug'], faults: ReadonlySet<FaultId>): DebugLog {
  if (faults.has('debug-log')) return new EndlessDebugLog(debug.file);
  if (debug.log === 'off') return NO_DEBUG_LOG;
  return openDebugLog(debug.file, debug.max_mb * BYTES_PER_MB);
}

function openCache(dns: Config['dns'], faults: ReadonlySet<FaultId>, clock: Clock): AnswerCache {
  if (faults.has('dns-cache-names')) return new UnboundedDnsCache(clock);
  if (faults.has('dns-record-sets')) return new RecordSetCache(clock);
  const cleanupIntervalMs = dns.cache_cleanup_interval_sec * 1000;
  const maxBytes = Math.floor(dns.cache_max_memory_mb * BYTES_PER_MB);
  const maxNegativeBytes = Math.floor(dns.cache_max_negative_memory_mb * BYTES_PER_MB);
  return new SplitCache(
    new DnsCache({ maxBytes, cleanupIntervalMs }, clock),
    new DnsCache({ maxBytes: maxNegativeBytes, cleanupIntervalMs, name: 'dns-negative-cache' }, clock),
  );
}

/** How the DNS services are opened. */
function dnsOpeners(
  dns: Config['dns'],
  faults: ReadonlySet<FaultId>,
  deps: TcpServerDeps & UdpServerDeps,
): DnsServerOpeners {
  const tcpGuard = faults.has('worker-death') ? new MortalWorkers(dns.threads).guard : deps.guard;
  const tcpDeps = { ...deps, guard: tcpGuard };
  const options = { limits: connectionLimits(dns), idleTimeoutMs: dns.tcp_idle_timeout_sec * 1000 };
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

/** The zones of the zone file; null without one. Throws `StartError` when it cannot be used. */
function openDomains(dns: Config['dns'], faults: ReadonlySet<FaultId>, deps: DomainDeps): Resolver | null {
  if (dns.zone_file === undefined) return null;
  const source = loadZoneFile(dns.zone_file);
  const { clock, ttlCaps } = deps;
  const maxBytes = dns.domain_info_cache_max_memory_mb * BYTES_PER_MB;
  const info = faults.has('domain-info-cache')
    ? new UnboundedDomainInfo(source, clock)
    : new DomainInfoCache(source, maxBytes, clock);
  const options = { timeoutMs: dns.forward_timeout_sec * 1000, limit: dns.max_in_flight, ttlCaps };
  const delegation = faults.has('per-query-clients')
    ? new PerQueryClients(ttlCaps)
    : new SharedDelegation(options, deps);
  return {
    ...createDomainResolver({ ...deps, zones: source.zones, info, delegation }),
    structures: () => [info.size(), ...delegation.structures()],
    close: () => delegation.close(),
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
