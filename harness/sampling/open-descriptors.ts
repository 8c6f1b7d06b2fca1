import type { DescriptorGroup } from '../core/attribution.js';
import { readLinks } from './descriptors.js';
import { describeSockets } from './socket-peers.js';

/** Groups that are told of; the rest are few. */
const MAX_GROUPS = 10;

/** What the open descriptors of a process stand for, the most first; null when we may not look. */
export function describeDescriptors(pid: number): readonly DescriptorGroup[] | null {
  const links = readLinks(pid);
  if (links === null) return null;
  const sockets = describeSockets(pid);
  const counts = new Map<string, number>();
  for (const link of links) {
    const what = describeLink(link, sockets);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts]
    .map(([what, count]) => ({ what, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_GROUPS);
}

/** `socket:[123]`, `/var/log/x`, `pipe:[4]`, `anon_inode:[eventpoll]` (proc_pid_fd(5)). */
function describeLink(link: string, sockets: ReadonlyMap<string, string>): string {
  const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
  if (inode !== undefined)
    return sockets.get(inode) ?? 'sockets that are in no table: not connected, or closed';
  if (link.startsWith('pipe:')) return 'pipe ends';
  return /^anon_inode:\[?(\w+)\]?$/.exec(link)?.[1] ?? link.replace(/ \(deleted\)$/, ', deleted');
}
