import { readdirSync } from 'node:fs';
import { statFields } from './stat-fields.js';

/** Places among `statFields`: numbers 4 and 22 in proc_pid_stat(5). */
const PARENT_FIELD = 1;
const START_FIELD = 19;

/** A process as its parent sees it. */
export interface ProcessNode {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since boot; of two processes the one with fewer is the older. */
  readonly startTicks: number;
}

/** The process itself and all its descendants, parents before children. Empty without /proc or when it has gone. */
export function processTree(root: number): readonly ProcessNode[] {
  const all = listProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  for (let at = 0; at < tree.length; at++) {
    tree.push(...all.filter(({ parent, pid }) => parent === tree[at]?.pid && pid !== root));
  }
  return tree;
}

/** Every process of the system that can be seen; empty without /proc. */
export function listProcesses(): readonly ProcessNode[] {
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries.flatMap((entry) => (/^\d+$/.test(entry) ? readNode(Number(entry)) : []));
}

function readNode(pid: number): readonly ProcessNode[] {
  const fields = statFields(pid);
  if (fields.length === 0) return [];
  return [{ pid, parent: Number(fields[PARENT_FIELD]), startTicks: Number(fields[START_FIELD]) }];
}

/** Whether more of a process may be read than what every user may see of it (ptrace(2), access mode checking). */
export function isReadable(pid: number): boolean {
  try {
    readdirSync(`/proc/${pid}/fd`);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EACCES';
  }
}
