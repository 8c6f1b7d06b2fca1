import { z } from 'zod';
import { ANY_FREE_PORT, endpoint, seconds, unused } from './config-values.js';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { PEER_PORT } from './peer/peer-exchange.js';

/** A peer to dial. Host names are accepted, since seed 000's file has them, and not dialled: nothing is resolved at start. */
const peerAddress = z.string().transform((text, context): Endpoint | string => {
  const parsed = parseEndpoint(text, PEER_PORT);
  if (parsed !== null && parsed.port !== 0) return parsed;
  if (parsed === null && /^[\w.-]+(:\d{1,5})?$/.test(text)) return text;
  context.addIssue({ code: 'custom', message: 'expected an IP address and port such as "127.0.0.1:4244"' });
  return z.NEVER;
});

/** Table `[net]`: the node as a peer. */
export const netSchema = z.strictObject({
  /** Address of the peer server; port 0 takes a free one. @default "127.0.0.1:0" */
  listen: endpoint(PEER_PORT).default(ANY_FREE_PORT),
  /** Peers to dial, whatever others tell of. @default [] */
  peers: z.array(peerAddress).max(100).default([]),
  /** Whether peers are told that this one can be reached from outside. @default false */
  public: z.boolean().default(false),
  /** Who is dialled: addresses of this machine only, or everybody but those. @default "loopback" */
  reach: z.enum(['loopback', 'everywhere']).default('loopback'),
  /** Addresses kept of those that peers tell of. @default 1000 */
  max_new_peers: z.int().positive().max(1_000_000).default(1000),
  /** Open connections from others, and those of one address. @default 100, 10 */
  max_inbound_peers: z.int().positive().max(100_000).default(100),
  max_inbound_peers_per_ip: z.int().positive().max(100_000).default(10),
  /** Addresses that are banned at a time. @default 1000 */
  max_banned_ips: z.int().positive().max(1_000_000).default(1000),
  /** Blocks that wait for those before them: how many, how many MB of 2^20 bytes, and how far ahead. @default 1000, 16, 2000 */
  max_future_blocks: z.int().positive().max(1_000_000).default(1000),
  max_future_blocks_mb: z.number().positive().max(65_536).default(16),
  future_window: z.int().positive().max(1_000_000).default(2000),
  /** Hashes of blocks that are remembered. @default 10000 */
  max_seen_blocks: z.int().positive().max(10_000_000).default(10_000),
  /** Blocks asked of one peer at a time, and how long it has to send one. @default 32, 5 */
  requests_per_peer: z.int().positive().max(256).default(32),
  block_timeout_sec: seconds.default(5),
  /** How long a peer may be silent, and how often it is pinged (with as much again at random). @default 120, 30 */
  idle_timeout_sec: seconds.default(120),
  ping_interval_sec: seconds.default(30),
  /** Pause between two dials of addresses that peers told of. @default 2 */
  dial_interval_sec: seconds.default(2),
  yggdrasil_only: unused,
});

/** Table `[chain]`: where the chain is and what its blocks need. */
export const chainSchema = z.strictObject({
  /** Folder of the chain, made when it is not there. @default "blockchain.db" in the working directory */
  folder: z.string().min(1).default('blockchain.db'),
  /** Zero bits that each block's hash must have. Every node of a chain needs the same. @default 10 */
  difficulty: z.int().min(0).max(64).default(10),
});

/** Key `origin`: hash of the chain's first block. */
export const originSchema = z
  .string()
  .regex(/^([0-9A-Fa-f]{64})?$/, 'expected 64 hex digits, or nothing')
  .transform((text) => text.toUpperCase())
  .default('');
