import type { TreeCells } from '../core/sample-cells.js';
import { type ChildFinder, openChildFinder } from './children.js';
import { fdCounter } from './fd-count.js';
import { hasEnded, pageSize, readStat, STAT_BYTES } from './proc-stat.js';
import type { MemberReading, ProcessReading } from './process-reading.js';

/** The target and its descendants at one tick. */
export interface TreeReading {
  readonly cells: Omit<TreeCells, 'treeCpuPercent'>;
  /** Time used by all of them and by their children that have ended; null when one could not be read. */
  readonly cpuMs: number | null;
  /** Each process, the target first; empty while it is alone. */
  readonly members: readonly MemberReading[];
}

/** Follows a process and its descendants. */
export interface ProcessTree {
  /** The sum of the root, as it was just read, and of every living descendant. */
  read(root: ProcessReading): TreeReading;
  close(): void;
}

/**
 * Follows the descendants of a process. A descendant is one from when it is first found until it ends, also
 * when its parent ends before it and it is handed to init; a number in another's hands is told by its start
 * time. What starts and ends between two ticks is seen by the CPU that its parent has waited for.
 */
export function followTree(rootPid: number, finder: ChildFinder = openChildFinder(rootPid)): ProcessTree {
  /** Start time by number of each descendant. */
  const known = new Map<number, number>();
  const buffer = Buffer.alloc(STAT_BYTES);
  const pageBytes = pageSize();
  const countFds = fdCounter();

  const rootStat = readStat(rootPid, buffer);
  const rootIdentity = { pid: rootPid, parentPid: rootStat?.parentPid ?? null, name: rootStat?.name ?? null };

  const readMember = (pid: number): MemberReading | null => {
    const stat = readStat(pid, buffer);
    if (stat === null || (known.has(pid) && known.get(pid) !== stat.startTicks)) {
      known.delete(pid);
      return null;
    }
    known.set(pid, stat.startTicks);
    const { parentPid, name, cpuMs, childrenCpuMs } = stat;
    const shared = { pid, parentPid, name, cpuMs, childrenCpuMs };
    // A zombie holds nothing any more, and /proc would refuse to say so.
    if (hasEnded(stat)) return { ...shared, rssBytes: 0, fds: 0, threads: 0 };
    return {
      ...shared,
      rssBytes: stat.rssPages * pageBytes,
      fds: countFds(pid),
      threads: stat.threads,
    };
  };

  return {
    read: (root) => {
      finder.refresh();
      const first = finder.childrenOf(rootPid);
      if (first.length === 0 && known.size === 0) return { ...summedUp([root]), members: [] };
      const members: MemberReading[] = [{ ...rootIdentity, ...root }];
      const seen = new Set([rootPid]);
      const waiting = [...known.keys(), ...first];
      for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
        if (seen.has(pid)) continue;
        seen.add(pid);
        const member = readMember(pid);
        if (member === null) continue;
        members.push(member);
        waiting.push(...finder.childrenOf(pid));
      }
      return { ...summedUp(members), members };
    },
    close: finder.close,
  };
}

function summedUp(members: readonly ProcessReading[]): Omit<TreeReading, 'members'> {
  const own = sum(members, ({ cpuMs }) => cpuMs);
  const ofEnded = sum(members, ({ childrenCpuMs }) => childrenCpuMs);
  return {
    cells: {
      treeProcesses: members.length,
      treeRssBytes: sum(members, ({ rssBytes }) => rssBytes),
      treeFds: sum(members, ({ fds }) => fds),
      treeThreads: sum(members, ({ threads }) => threads),
    },
    cpuMs: own === null || ofEnded === null ? null : own + ofEnded,
  };
}

/** Null as soon as one is: a sum of what could be read would be a smaller one. */
function sum(
  members: readonly ProcessReading[],
  of: (member: ProcessReading) => number | null,
): number | null {
  let total = 0;
  for (const member of members) {
    const value = of(member);
    if (value === null) return null;
    total += value;
  }
  return total;
}
