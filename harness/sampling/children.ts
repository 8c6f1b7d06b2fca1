import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type KeptFile, keepOpen } from './kept-file.js';
import { readStat, STAT_BYTES } from './proc-stat.js';
import { createRation } from './ration.js';

/** Ticks between two looks at the children of every thread; those of the main thread are read at each. */
const ALL_THREADS_EVERY = 30;

/** Share of the time that searching all of /proc may take, where the kernel lists no children. */
const SCAN_SHARE = 0.002;

/** Room for the children of one thread: 4 000 numbers of seven digits. */
const CHILDREN_BYTES = 32 * 1024;

/** Finds the children of processes. */
export interface ChildFinder {
  /** Starts a tick: what is found from here on is new. */
  refresh(): void;
  childrenOf(pid: number): readonly number[];
  close(): void;
}

/** The way that suits this kernel: lists of children where it was built with them, else a search of /proc. */
export function openChildFinder(rootPid: number): ChildFinder {
  return existsSync(`/proc/${process.pid}/task/${process.pid}/children`)
    ? listedChildren(rootPid)
    : searchedChildren();
}

/**
 * Children by /proc/PID/task/TID/children (CONFIG_PROC_CHILDREN, in every distribution's kernel). A child stands
 * with the thread that started it, nearly always the main one: the others are looked at every 30th tick.
 */
export function listedChildren(rootPid: number): ChildFinder {
  const rootFile: KeptFile = keepOpen(`/proc/${rootPid}/task/${rootPid}/children`);
  const buffer = Buffer.alloc(CHILDREN_BYTES);
  let tick = -1;

  const ofMainThread = (pid: number): readonly number[] => {
    if (pid !== rootPid) return ofThread(pid, pid);
    const length = rootFile.read(buffer);
    return length === null || length === 0 ? [] : numbersIn(buffer.toString('latin1', 0, length));
  };
  return {
    refresh: () => tick++,
    childrenOf: (pid) => (tick % ALL_THREADS_EVERY === 0 ? ofAllThreads(pid) : ofMainThread(pid)),
    close: rootFile.close,
  };
}

/** Children by the parent that each process of the system names: a look at every one of them, so rationed. */
export function searchedChildren(nowMs?: () => number): ChildFinder {
  const ration = createRation(SCAN_SHARE, nowMs);
  const buffer = Buffer.alloc(STAT_BYTES);
  const byParent = new Map<number, number[]>();
  const search = (): void => {
    byParent.clear();
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      const parent = Number.isInteger(pid) ? readStat(pid, buffer)?.parentPid : undefined;
      if (parent === undefined) continue;
      const known = byParent.get(parent);
      if (known === undefined) byParent.set(parent, [pid]);
      else known.push(pid);
    }
  };
  return {
    refresh: () => {
      if (ration.isDue()) ration.run(search);
    },
    childrenOf: (pid) => byParent.get(pid) ?? [],
    close: () => byParent.clear(),
  };
}

function ofAllThreads(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((tid) => ofThread(pid, Number(tid)));
  } catch {
    return [];
  }
}

function ofThread(pid: number, tid: number): readonly number[] {
  try {
    return numbersIn(readFileSync(`/proc/${pid}/task/${tid}/children`, 'latin1'));
  } catch {
    return [];
  }
}

function numbersIn(text: string): readonly number[] {
  return text.split(' ').filter(Boolean).map(Number);
}
