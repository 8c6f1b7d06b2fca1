import { readFileSync } from 'node:fs';
import type { ConnectionLimits } from './connection-table.js';
import { SOCKETS_PER_FORWARDER } from './upstream-sockets.js';

/** What the limits follow from, named as in the file. */
export interface ConnectionSettings {
  readonly threads: number;
  readonly tcp_queue_size: number;
  readonly tcp_clients_per_ip: number;
  readonly max_upstream_connections: number;
  readonly forwarders: readonly unknown[];
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
  const forwarders = SOCKETS_PER_FORWARDER * settings.forwarders.length;
  const others = forwarders + settings.max_upstream_connections + (settings.peerConnections ?? 0);
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
