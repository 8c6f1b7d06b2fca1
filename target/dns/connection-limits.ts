import { readFileSync } from 'node:fs';
import type { ConnectionLimits } from './connection-table.js';
import type { ForwarderAddress } from './forwarder-options.js';
import { SOCKETS_PER_FAMILY } from './server-queries.js';
import { SOCKETS_PER_FORWARDER } from './upstream-sockets.js';

/** What the limits follow from, named as in the file. */
export interface ConnectionSettings {
  readonly threads: number;
  readonly tcp_queue_size: number;
  readonly tcp_clients_per_ip: number;
  readonly max_upstream_connections: number;
  readonly forwarders: readonly ForwarderAddress[];
  readonly bootstraps: readonly ForwarderAddress[];
  readonly roots: readonly unknown[];
  readonly zone_file?: string | undefined;
  /** Connections of the node as a peer. */
  readonly peerConnections?: number;
}

/** Descriptors that operators' connections, files and the process itself need beside upstream sockets. */
const RESERVED_DESCRIPTORS = 96;
/** Where the limit is not known: what macOS gives a process. */
const USUAL_DESCRIPTORS = 256;

/**
 * How many TCP connections of clients the settings ask for, as far as the descriptors of this process allow. Seed
 * 000's queues of 1000 connections for each of 10 workers are above the usual limit, and so bound nothing.
 */
export function connectionLimits(
  settings: ConnectionSettings,
  descriptors = openFilesLimit() ?? USUAL_DESCRIPTORS,
): ConnectionLimits {
  const { forwarders, max_upstream_connections: connections } = settings;
  const asksByHttps = forwarders.some(({ transport }) => transport === 'doh');
  const resolvers = asksByHttps ? [...forwarders, ...settings.bootstraps] : forwarders;
  const udpCount = resolvers.filter(({ transport }) => transport === 'udp').length;
  // Over HTTPS as many connections again may be open.
  const pools = asksByHttps ? 2 : 1;
  // Name servers of the world, and those of domains of a zone file, are asked by IPv4 and IPv6.
  const serverPools = (settings.roots.length > 0 ? 1 : 0) + (settings.zone_file === undefined ? 0 : 1);
  const sockets = SOCKETS_PER_FORWARDER * udpCount + 2 * SOCKETS_PER_FAMILY * serverPools;
  const others = sockets + pools * connections + (settings.peerConnections ?? 0);
  // With few descriptors half of them are the clients', whatever is left for the others.
  const reserved = Math.min(RESERVED_DESCRIPTORS + others, Math.floor(descriptors / 2));
  const total = Math.min(settings.threads * settings.tcp_queue_size, descriptors - reserved);
  return { total, perAddress: Math.min(settings.tcp_clients_per_ip, total) };
}

/** The soft limit on open files of this process; null where /proc does not tell (`proc_pid_limits(5)`). */
function openFilesLimit(): number | null {
  try {
    const match = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return match === null ? null : Number(match[1]);
  } catch {
    return null;
  }
}
