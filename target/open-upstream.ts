import { readFileSync } from 'node:fs';
import type { Config } from './config.js';
import type { TtlCaps } from './dns/answer.js';
import { Bootstrap } from './dns/bootstrap.js';
import { DohExchange } from './dns/doh-exchange.js';
import { type ForwarderDeps, openForwarder } from './dns/forwarder.js';
import { ServerQueries } from './dns/server-queries.js';
import type { Upstream } from './dns/upstream.js';
import { reasonOf, StartError } from './errors.js';
import type { Parts } from './parts.js';
import { createRecursion } from './recursion/open-recursion.js';

type UpstreamParts = Pick<Parts, 'cache' | 'createTable' | 'exchange' | 'readBody'>;

/** What questions are asked with. */
export type UpstreamDeps = Pick<ForwarderDeps, 'clock' | 'counters' | 'log'>;

/** Opens what the settings ask: other resolvers, or without any the servers of the root. Throws `StartError`, and then nothing is left open. */
export async function openUpstream(
  dns: Config['dns'],
  ttlCaps: TtlCaps,
  parts: UpstreamParts,
  deps: UpstreamDeps,
): Promise<Upstream> {
  if (dns.forwarders.length > 0 || dns.roots.length === 0) return openForwarders(dns, ttlCaps, parts, deps);
  const { cache, exchange } = parts;
  const { max_in_flight: limit, enable_0x20: mixesCase } = dns;
  const timeoutMs = dns.forward_timeout_sec * 1000;
  const queries = new ServerQueries({ timeoutMs, limit, mixesCase }, { ...deps, exchange });
  const recursion = createRecursion(dns, ttlCaps, { ...deps, queries, cache });
  return {
    ask: (key, onDone) => recursion.ask(key, onDone),
    structures: () => [...recursion.structures(), exchange.size()],
    close: () => {
      recursion.close();
      queries.close();
    },
  };
}

/** Other resolvers, by UDP, TCP or HTTPS. */
async function openForwarders(
  dns: Config['dns'],
  ttlCaps: TtlCaps,
  parts: UpstreamParts,
  deps: UpstreamDeps,
): Promise<Upstream> {
  const { createTable, exchange, readBody } = parts;
  const timeoutMs = dns.forward_timeout_sec * 1000;
  const settings = { timeoutMs, ttlCaps, mixesCase: dns.enable_0x20 };
  const dohCount = dns.forwarders.filter(({ transport }) => transport === 'doh').length;
  let bootstrap: Upstream | null = null;
  const lookup = new Bootstrap(
    { ask: (key, onDone) => bootstrap?.ask(key, onDone) ?? 'no-forwarder' },
    deps.clock,
  ).lookup;
  const dohOptions = {
    timeoutMs,
    maxRequests: dns.max_in_flight,
    maxConnections: Math.max(1, Math.floor(dns.max_upstream_connections / Math.max(1, dohCount))),
    ca: readCa(dns.doh_ca_file),
  };
  const doh = new DohExchange(dohOptions, { lookup, readBody, log: deps.log });
  const forwarderDeps: ForwarderDeps = { ...deps, createTable, exchange, doh };
  // The resolvers that find host names are only there for those of DoH.
  if (dohCount > 0)
    bootstrap = await openForwarder({ ...settings, forwarders: dns.bootstraps }, forwarderDeps);
  const forwarder = await openForwarder({ ...settings, forwarders: dns.forwarders }, forwarderDeps).catch(
    (error: unknown) => {
      bootstrap?.close();
      throw error;
    },
  );
  return {
    ask: (key, onDone) => forwarder.ask(key, onDone),
    structures: () => [
      ...forwarder.structures(),
      exchange.size(),
      ...(dohCount === 0 ? [] : doh.structures()),
      ...(bootstrap?.structures() ?? []).map((each) => ({ ...each, name: `bootstrap-${each.name}` })),
    ],
    close: () => {
      forwarder.close();
      bootstrap?.close();
      doh.close();
    },
  };
}

function readCa(file: string | undefined): string | null {
  if (file === undefined) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `[dns] doh_ca_file = "${file}": cannot be read (${reasonOf(error)}); check the path`,
    );
  }
}
