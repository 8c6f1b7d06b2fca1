import { dirname } from 'node:path';
import type { DescriptorGroup } from '../core/attribution.js';
import { readLinks } from './descriptors.js';
import { describeSockets } from './socket-peers.js';

/** Groups that are told of; the rest are few. */
const MAX_GROUPS = 10;

/** More open files of one folder than this are one group: a leak of uploads or logs has another name each time. */
const MAX_FILES_OF_FOLDER = 3;

/** What the open descriptors of a process stand for, the most first; null when we may not look. */
export function describeDescriptors(pid: number): readonly DescriptorGroup[] | null {
  const links = readLinks(pid);
  if (links === null) return null;
  const sockets = describeSockets(pid);
  const described = links.map((link) => describeLink(link, sockets));
  return [...countsOf(byFolder(described))]
    .map(([what, count]) => ({ what, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_GROUPS);
}

/** Where many files of a folder are open, the folder instead of each. */
function byFolder(described: readonly string[]): readonly string[] {
  const folderOf = (what: string): string => `files in ${dirname(what)}`;
  const files = described.filter((what) => what.startsWith('/'));
  const distinct = countsOf([...new Set(files)].map(folderOf));
  return described.map((what) => {
    if (!what.startsWith('/')) return what;
    return (distinct.get(folderOf(what)) ?? 0) > MAX_FILES_OF_FOLDER ? folderOf(what) : what;
  });
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** `socket:[123]`, `/var/log/x`, `pipe:[4]`, `anon_inode:[eventpoll]` (proc_pid_fd(5)). */
function describeLink(link: string, sockets: ReadonlyMap<string, string>): string {
  const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
  if (inode !== undefined)
    return sockets.get(inode) ?? 'sockets that are in no table: not connected, or closed';
  if (link.startsWith('pipe:')) return 'pipe ends';
  return /^anon_inode:\[?(\w+)\]?$/.exec(link)?.[1] ?? link.replace(/ \(deleted\)$/, ', deleted');
}
