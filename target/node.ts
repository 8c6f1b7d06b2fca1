import { type ChainNode, openChainNode } from './chain-node.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import { createChasingResolver } from './dns/chasing-resolver.js';
import { type ConfiguredDoh, openConfiguredDoh } from './dns/configured-doh.js';
import { type DnsServers, openDnsServers } from './dns/dns-servers.js';
import { isolatingGuard } from './dns/request-guard.js';
import { createResolver, type Resolver } from './dns/resolver.js';
import type { Upstream } from './dns/upstream.js';
import { createMinimalAny } from './domains/minimal-any.js';
import { openDomains } from './domains/open-domains.js';
import { formatEndpoint } from './endpoint.js';
import { listening, warnOfExposure, warnOfSilence } from './listening.js';
import { openUpstream } from './open-upstream.js';
import { createCounters } from './ops/counters.js';
import { type HealthServer, openHealthServer } from './ops/health.js';
import type { Log } from './ops/log.js';
import type { Parts } from './parts.js';
import type { RunningNode } from './running-node.js';
import { VERSION } from './version.js';

/** What the node works with. */
export interface NodeDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Starts every service of the node with these parts. Throws `StartError` when one cannot start, and then nothing is left open. */
export async function openNode(config: Config, parts: Parts, deps: NodeDeps): Promise<RunningNode> {
  const { clock, log } = deps;
  const { dns, ops } = config;
  const startedMs = clock();
  const counters = createCounters();
  const { cache } = parts;
  let upstream: Upstream | null = null;
  let resolver: Resolver | null = null;
  let domains: Resolver | null = null;
  let servers: DnsServers | null = null;
  let doh: ConfiguredDoh | null = null;
  let health: HealthServer | null = null;
  let chain: ChainNode | null = null;
  const close = async (): Promise<void> => {
    const closing = [servers?.close(), doh?.close(), health?.close()];
    const lastOpen = chain;
    domains?.close();
    resolver?.close();
    upstream?.close();
    parts.exchange.close();
    cache.close();
    parts.debugLog.close();
    [servers, doh, upstream, health, chain] = [null, null, null, null, null];
    await Promise.all(closing);
    // Whoever answered from the chain is closed by now.
    await lastOpen?.close();
  };
  try {
    const ttlCaps = { maxTtlSec: dns.cache_max_ttl_sec, maxNegativeTtlSec: dns.cache_max_negative_ttl_sec };
    upstream = await openUpstream(dns, ttlCaps, parts, { clock, counters, log });
    resolver = createResolver(
      {
        maxInFlight: dns.max_in_flight,
        maxQueued: dns.udp_queue_size,
        maxQueuedMs: dns.queue_max_age_sec * 1000,
        failureTtlMs: dns.cache_failure_ttl_sec * 1000,
      },
      { cache, upstream, clock, counters, log },
    );
    const guard = isolatingGuard(counters, log);
    const { net, chain: chainTable } = config;
    if (net !== undefined && chainTable !== undefined) {
      const peerParts = parts.createPeerParts(net, chainTable);
      chain = await openChainNode({ ...config, net, chain: chainTable }, peerParts, deps);
    }
    domains = openDomains(dns, chain?.domains ?? null, parts.domains, {
      resolver: createMinimalAny(resolver),
      ttlCaps,
      exchange: parts.exchange,
      cache,
      clock,
      counters,
      log,
    });
    const chasing = createChasingResolver({
      resolver: domains,
      cache,
      createResults: parts.createChaseResults,
    });
    const serverDeps = { resolver: chasing, guard, names: parts.names, clock, counters, log };
    const opened = openDnsServers(dns.listen, parts.openers(serverDeps));
    servers = await listening('[dns] listen', dns.listen, opened);
    if (config.doh !== undefined) {
      const opening = openConfiguredDoh(config.doh, { ...serverDeps, readBody: parts.readBody });
      doh = await listening('[doh] listen', config.doh.listen, opening);
    }
    const structures = [
      resolver.structures,
      servers.structures,
      parts.debugLog.structures,
      domains.structures,
      ...(doh === null ? [] : [doh.structures]),
      ...(chain === null ? [] : [chain.structures]),
    ];
    const opening = openHealthServer(ops.listen, log, () => ({
      status: 'healthy',
      uptime_sec: Math.floor((clock() - startedMs) / 1000),
      version: VERSION,
      structures: structures.flatMap((read) => read()),
      counters,
      ...(chain === null ? {} : { chain: chain.health() }),
    }));
    health = await listening('[ops] listen', ops.listen, opening);
    const exposed = {
      dns: servers.address,
      ops: health.address,
      ...(doh === null ? {} : { doh: doh.address }),
      ...(chain === null ? {} : { net: chain.address }),
    };
    warnOfExposure(exposed, log);
    warnOfSilence([...dns.forwarders, ...dns.roots], log);
    return {
      addresses: {
        dns: formatEndpoint(servers.address),
        'dns-tcp': formatEndpoint(servers.address),
        ...(doh === null ? {} : { doh: doh.url }),
        ...(chain === null ? {} : { peer: formatEndpoint(chain.address) }),
        ops: formatEndpoint(health.address),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
