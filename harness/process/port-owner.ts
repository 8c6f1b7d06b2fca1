import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessNode } from './process-tree.js';

/** Tables of the sockets of this network namespace (proc(5)). */
const SOCKET_TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

/** State of a listening TCP socket, and of an unconnected UDP one (include/net/tcp_states.h). */
const LISTENING = { tcp: '0A', udp: '07' } as const;

/**
 * The process among `candidates` that serves one of the ports: the oldest one that holds a listening socket
 * on it. Of a cluster or a pre-forking server that is the parent, which bound the port before it forked.
 *
 * Null when none does, or where sockets cannot be looked up (no /proc, another user's process).
 */
export function portOwner(ports: readonly number[], candidates: readonly ProcessNode[]): number | null {
  const inodes = listeningInodes(ports);
  if (inodes.size === 0) return null;
  const owners = candidates.filter(({ pid }) => holdsSocket(pid, inodes));
  const oldest = owners.sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid)[0];
  return oldest?.pid ?? null;
}

/** Inodes of the sockets that listen on one of the ports. */
export function listeningInodes(ports: readonly number[]): ReadonlySet<string> {
  return new Set(listeningSockets().flatMap(({ port, inode }) => (ports.includes(port) ? [inode] : [])));
}

/** The ports that a process listens on, TCP and UDP; none where its descriptors may not be seen. */
export function listeningPorts(pid: number): readonly number[] {
  return listeningSockets().flatMap(({ port, inode }) => (holdsSocket(pid, new Set([inode])) ? [port] : []));
}

interface ListeningSocket {
  readonly port: number;
  readonly inode: string;
}

function listeningSockets(): readonly ListeningSocket[] {
  const sockets: ListeningSocket[] = [];
  for (const table of SOCKET_TABLES) {
    const wanted = table.startsWith('tcp') ? LISTENING.tcp : LISTENING.udp;
    for (const line of readTable(table)) {
      // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      const port = Number.parseInt(local?.split(':')[1] ?? '', 16);
      if (state === wanted && inode !== undefined) sockets.push({ port, inode });
    }
  }
  return sockets;
}

function readTable(name: string): readonly string[] {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1').split('\n').slice(1);
  } catch {
    return [];
  }
}

function holdsSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}

/** Empty for a descriptor that was closed since it was listed. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
