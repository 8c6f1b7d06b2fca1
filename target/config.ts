import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { ANY_FREE_PORT, endpoint, seconds, unused } from './config-values.js';
import type { ForwarderAddress } from './dns/forwarder-options.js';
import { isLoopback } from './endpoint.js';
import { reasonOf, UsageError } from './errors.js';
import { hasHostName, parseForwarder } from './forwarder-text.js';
import { chainSchema, netSchema, originSchema } from './peer-config.js';

/** Largest number of forwarders: 32 pools of 16 sockets stay below the usual limit of 1024 descriptors. */
const MAX_FORWARDERS = 32;
const DNS_PORT = 53;
const HTTPS_PORT = 443;
/** RFC 8767 §4: nothing is believed for more than a week. */
const WEEK_SEC = 604_800;

/** A resolver to ask, see `parseForwarder`. */
const forwarderAddress = z.string().transform((text, context): ForwarderAddress => {
  const parsed = parseForwarder(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

const dnsFields = z.strictObject({
  /** Address of the UDP server; port 0 takes a free one. @default "127.0.0.1:0" */
  listen: endpoint(DNS_PORT).default(ANY_FREE_PORT),
  /** Resolvers to ask, in order of preference. Without any, and without roots, what is not cached is answered SERVFAIL. @default [] */
  forwarders: z.array(forwarderAddress).max(MAX_FORWARDERS).default([]),
  /** Servers of the root, from which names are found when there are no forwarders. @default [] */
  roots: z.array(endpoint(DNS_PORT)).max(MAX_FORWARDERS).default([]),
  /** Port of every other name server on that way. @default 53 */
  name_server_port: z.int().min(1).max(65_535).default(DNS_PORT),
  /** Limit of the cache in MB of 2^20 bytes; fractions are fine. @default 100 */
  cache_max_memory_mb: z.number().positive().max(1_048_576).default(100),
  /** Limit of the negative answers (NXDOMAIN, NODATA) beside it, in MB. @default 10 */
  cache_max_negative_memory_mb: z.number().positive().max(1_048_576).default(10),
  /** How long a failure is answered SERVFAIL without asking again (RFC 9520: 1 s to 5 min). @default 1 */
  cache_failure_ttl_sec: z.number().min(1).max(300).default(1),
  /** How often expired entries leave when nobody asks for them. @default 300 */
  cache_cleanup_interval_sec: seconds.default(300),
  /** Cap on the TTL of any answer (RFC 8767 §4). @default 604800 */
  cache_max_ttl_sec: z.int().positive().max(WEEK_SEC).default(WEEK_SEC),
  /** Cap on the TTL of NXDOMAIN and NODATA (RFC 2308 §5). @default 3600 */
  cache_max_negative_ttl_sec: z.int().positive().max(WEEK_SEC).default(3600),
  /**
   * How long one forwarder may take before the next one is asked. Seed 000's 5 s is as long as most clients wait
   * (resolv.conf's default too): whoever had to ask a second forwarder answered nobody. @default 2
   */
  forward_timeout_sec: seconds.default(2),
  /** Largest number of questions in flight. @default 10000 */
  max_in_flight: z.int().positive().max(1_000_000).default(10_000),
  /** Workers of seed 000's resolver. This node has one event loop; the number scales what is bounded per worker. @default 10 */
  threads: z.int().positive().max(1000).default(10),
  /** Names that are asked for to follow the aliases of one answer. @default 50 */
  max_cname_results: z.int().nonnegative().max(10_000).default(50),
  /** Files in the form of hosts(5); `system` is /etc/hosts. @default [] */
  hosts: z.array(z.string()).default([]),
  /** File of domains in zones that the DNS does not know, see `target/domains/zone-file.ts`. @default none */
  zone_file: z.string().optional(),
  /** Limit of the cache in front of them, in MB of 2^20 bytes. @default 5 */
  domain_info_cache_max_memory_mb: z.number().positive().max(1_048_576).default(5),
  /** Queries that wait while max_in_flight questions are asked. @default 1000 */
  udp_queue_size: z.int().nonnegative().max(1_000_000).default(1000),
  /** How long they wait at most. @default 1 */
  queue_max_age_sec: seconds.default(1),
  /** Open TCP connections per worker, as many as the descriptors of the process allow. @default 100 */
  tcp_queue_size: z.int().positive().max(100_000).default(100),
  /** Open TCP connections of one client address. @default 500 */
  tcp_clients_per_ip: z.int().positive().max(1_000_000).default(500),
  /** Largest number of TCP connections to forwarders. @default 100 */
  max_upstream_connections: z.int().positive().max(10_000).default(100),
  /** How long a TCP connection may be open without completing a query or waiting for an answer. @default 10 */
  tcp_idle_timeout_sec: seconds.default(10),
  /** Resolvers that find the host names of forwarders that are asked over HTTPS, themselves addresses. @default [] */
  bootstraps: z.array(forwarderAddress).max(MAX_FORWARDERS).default([]),
  /** File of certificates (PEM) that such forwarders must have, instead of those that the system trusts. @default none */
  doh_ca_file: z.string().optional(),
  /** Whether names are sent by UDP in letters of random case, which a forger would have to guess. @default false */
  enable_0x20: z.boolean().default(false),
});

const dnsSchema = dnsFields
  .refine(({ forwarders, bootstraps }) => bootstraps.length > 0 || !forwarders.some(hasHostName), {
    path: ['forwarders'],
    message:
      'the host name has to be found first; name a plain resolver in bootstraps, or the address instead',
  })
  .refine(({ bootstraps }) => bootstraps.every(({ transport }) => transport !== 'doh'), {
    path: ['bootstraps'],
    message: 'expected IP addresses and ports: they are asked before any host name is known',
  });

const opsSchema = z.strictObject({
  /** Address of the HTTP server with `/health` and `/metrics`; port 0 takes a free one. @default "127.0.0.1:0" */
  listen: endpoint(0).default(ANY_FREE_PORT),
});

const debugSchema = z.strictObject({
  /** Whether to write a log of what the cache is used for: not at all, or into a file of bounded size. @default "off" */
  log: z.enum(['off', 'bounded']).default('off'),
  /** The log's file; at its limit it is renamed, with `.1` added. @default leak-soak-debug.log in the system's folder for temporary files */
  file: z.string().default(() => join(tmpdir(), 'leak-soak-debug.log')),
  /** Limit of the file, in MB of 2^20 bytes. @default 10 */
  max_mb: z.number().positive().max(1_048_576).default(10),
});

const dohSchema = z
  .strictObject({
    /** Address of the DoH server; port 0 takes a free one. @default "127.0.0.1:0" */
    listen: endpoint(HTTPS_PORT).default(ANY_FREE_PORT),
    /** Certificate chain and key in PEM files; without them the server speaks plain HTTP/1.1, on loopback only. */
    certificate: z.string().optional(),
    key: z.string().optional(),
    /** Largest number of connections. @default 256 */
    max_connections: z.int().positive().max(100_000).default(256),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    message: 'certificate and key go together; name both files or neither',
  })
  .refine(({ listen, certificate }) => certificate !== undefined || isLoopback(listen), {
    path: ['listen'],
    message: 'without certificate only a loopback address is served; name certificate and key',
  });

const fileSchema = z.strictObject({
  dns: dnsSchema.prefault({}),
  ops: opsSchema.prefault({}),
  debug: debugSchema.prefault({}),
  /** DNS over HTTPS is served when the file has this table, which may be empty. */
  doh: dohSchema.optional(),
  /** The node is a peer with a chain when the file has one of these tables, which may be empty. */
  net: netSchema.optional(),
  chain: chainSchema.optional(),
  /** Hash of the chain's first block; empty takes the chain of whichever peer comes first. @default "" */
  origin: originSchema,
  /** Blocks at the end of the chain that are checked again at start. @default 8 */
  check_blocks: z.int().nonnegative().max(1_000_000).default(8),
  key_files: unused,
  mining: unused,
});

/** The node's settings, named as in the file, all defaults filled in. */
export type Config = z.infer<typeof fileSchema>;

/** Settings and, for the log, what the file says that has no effect. */
export interface LoadedConfig {
  readonly config: Config;
  /** Keys of seed 000's file that were accepted and ignored. */
  readonly ignoredKeys: readonly string[];
}

/** Reads the file; without one (null) the defaults apply. Throws `UsageError` with one line that names file, key and value. */
export function loadConfig(file: string | null): LoadedConfig {
  if (file === null) return parseConfig('', 'defaults');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${reasonOf(error)}); check the path given to --config`);
  }
  return parseConfig(text, file);
}

/** Reads the text of a configuration file; `file` is its name in messages. Throws as `loadConfig`. */
export function parseConfig(text: string, file: string): LoadedConfig {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    const line = error instanceof Error && 'line' in error ? `:${String(error.line)}` : '';
    throw new UsageError(`${file}${line}: ${reason ?? 'not TOML'}; correct the line`);
  }
  const result = fileSchema.safeParse(table);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UsageError(`${file}: ${issue === undefined ? 'not valid' : describe(issue, table)}`);
  }
  return { config: withBothPeerTables(result.data), ignoredKeys: ignoredKeys(result.data) };
}

/** Who has a chain has peers, and the other way round: the table that is missing has its defaults. */
function withBothPeerTables(config: Config): Config {
  const { net, chain } = config;
  if (net === undefined && chain === undefined) return config;
  return { ...config, net: net ?? netSchema.parse({}), chain: chain ?? chainSchema.parse({}) };
}

function describe(issue: z.core.$ZodIssue, table: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const key = keyName([...issue.path, issue.keys[0] ?? '']);
    return `${key} is not a key of this node; remove it or correct its spelling`;
  }
  let value: unknown = table;
  for (const step of issue.path) value = (value as Record<PropertyKey, unknown>)[step];
  return `${keyName(issue.path)} = ${show(value)}: ${issue.message}; correct the value`;
}

/** The value as the file has it, near enough; JSON would show infinity and NaN as null. */
function show(value: unknown): string {
  if (typeof value !== 'number' || Number.isFinite(value)) return JSON.stringify(value);
  return Number.isNaN(value) ? 'nan' : `${value < 0 ? '-' : ''}inf`;
}

/** `[table] key`, and the position where the value is a list. */
function keyName(path: readonly PropertyKey[]): string {
  const [table, ...rest] = path.map(String);
  const [key, index] = rest;
  if (key === undefined) return `${table ?? ''}`;
  return `[${table}] ${key}${index === undefined ? '' : `[${index}]`}`;
}

function ignoredKeys(config: Config): string[] {
  const given = (shape: object, table: object | undefined): string[] =>
    Object.entries(shape).flatMap(([key, schema]) =>
      schema === unused && key in (table ?? {}) ? [key] : [],
    );
  return [
    ...given(fileSchema.shape, config),
    ...given(dnsSchema.shape, config.dns).map((key) => `[dns] ${key}`),
    ...given(netSchema.shape, config.net).map((key) => `[net] ${key}`),
  ];
}
