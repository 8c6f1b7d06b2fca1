import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { usageError } from '../core/errors.js';
import { listProcesses, type ProcessNode } from './process-tree.js';

/** The kernel keeps this much of a program's name (TASK_COMM_LEN of proc_pid_comm(5), less its end). */
const COMM_LENGTH = 15;

/** Matches that an error lists. */
const SHOWN = 10;

interface NamedProcess extends ProcessNode {
  readonly command: string;
}

/**
 * The process whose program has this name: as the kernel has it (comm), as it was started (argv[0] without its
 * path), or as the script that Node runs, with its extension or without. A parent with its children is one match,
 * the parent. This process and those that started it never match: `leak-soak` itself runs on Node.
 *
 * Throws `usage` when there is none, or several that are not related, which it lists.
 */
export function findByName(name: string): number {
  const all = new Map(listProcesses().map((node) => [node.pid, node]));
  const ours = new Set(lineOf(process.pid, all));
  const matches = [...all.values()].flatMap((node): NamedProcess[] => {
    const words = ours.has(node.pid) ? [] : wordsOf(node.pid);
    return words.length > 0 && namesOf(node.pid, words).includes(name)
      ? [{ ...node, command: words.join(' ') }]
      : [];
  });
  const pids = new Set(matches.map(({ pid }) => pid));
  const roots = matches.filter(
    ({ pid }) =>
      !lineOf(pid, all)
        .slice(1)
        .some((ancestor) => pids.has(ancestor)),
  );
  const [root] = roots;
  if (root === undefined) {
    throw usageError(`--name ${name}: no process has this name (ps -e -o pid,comm,args); or give --pid N`);
  }
  if (roots.length === 1) return root.pid;
  const list = roots.slice(0, SHOWN).map(({ pid, command }) => `${pid} (${command.slice(0, 60)})`);
  const more = roots.length > SHOWN ? ` and ${roots.length - SHOWN} more` : '';
  throw usageError(
    `--name ${name} matches ${roots.length} processes: ${list.join(', ')}${more}; give --pid N`,
  );
}

/** A process and its ancestors, the nearest first. */
function lineOf(pid: number, all: ReadonlyMap<number, ProcessNode>): number[] {
  const line: number[] = [];
  for (let at = all.get(pid); at !== undefined && !line.includes(at.pid); at = all.get(at.parent)) {
    line.push(at.pid);
  }
  return line;
}

/** Its command line; empty for a kernel thread, a zombie, and a process that has gone. */
function wordsOf(pid: number): readonly string[] {
  return (readText(`/proc/${pid}/cmdline`) ?? '').split('\0').filter(Boolean);
}

function namesOf(pid: number, words: readonly string[]): readonly string[] {
  const program = basename(words[0] ?? '');
  const comm = readText(`/proc/${pid}/comm`)?.trimEnd() ?? '';
  // A name that was cut off is completed by the one it was started with, where that begins alike.
  const whole = comm.length === COMM_LENGTH && program.startsWith(comm) ? program : comm;
  return [program, whole, ...(/^node(js)?[\d.]*$/.test(program) ? scriptNames(words.slice(1)) : [])];
}

/** The first word after `node` that is no option; the value of an option stands in the same word or is taken for it. */
function scriptNames(words: readonly string[]): readonly string[] {
  const script = words.find((word) => !word.startsWith('-'));
  if (script === undefined) return [];
  return [basename(script), basename(script, extname(script))];
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
