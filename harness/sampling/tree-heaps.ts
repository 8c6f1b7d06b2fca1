import type { HeapReading, TimedHeapReading } from '../core/heap-reading.js';
import type { TreeAgentCells } from '../core/sample-cells.js';

/** The agents of a process tree, by process: ask, and look later what has come. Never waited for. */
export interface TreeAgents {
  /** Whether the agent of this process is there to be asked. */
  has(pid: number): boolean;
  ask(pid: number, collect: boolean): void;
  /** The last answer; null before the first. */
  latest(pid: number): TimedHeapReading | null;
}

/** What the agents of a tree have answered, per process and as a sum. */
export interface TreeHeaps {
  /** Asks every descendant that was there at the last row. */
  ask(collect: boolean): void;
  /** Takes the answers since the last row of the target (`own`, null for none) and of its descendants. */
  read(own: HeapReading | null, descendants: readonly number[]): TreeHeapReading;
}

export interface TreeHeapReading {
  /** The new answers by process; the target's own is not among them. */
  readonly answers: ReadonlyMap<number, HeapReading>;
  readonly cells: TreeAgentCells;
}

const UNREAD: TreeAgentCells = {
  treeHeapPhysicalBytes: null,
  treeExternalBytes: null,
  treeArrayBuffersBytes: null,
  treeLiveHeapBytes: null,
  treeHandles: null,
};

/**
 * Follows the heaps of a tree. Its processes answer at times of their own, so a sum is made of one new answer from each,
 * on the row by which the last of them has come; where collections are forced (`collecting`) only answers right after
 * one count, since external memory and handles include garbage otherwise.
 */
export function followHeaps(agents: TreeAgents, collecting: boolean): TreeHeaps {
  let asked: readonly number[] = [];
  let own: HeapReading | null = null;
  const seenMs = new Map<number, number>();
  const waiting = new Map<number, HeapReading>();

  const counts = (reading: HeapReading): boolean => !collecting || reading.liveHeapBytes !== null;

  return {
    ask: (collect) => {
      for (const pid of asked) agents.ask(pid, collect);
    },
    read: (ownAnswer, descendants) => {
      asked = descendants.filter((pid) => agents.has(pid));
      for (const seen of [seenMs, waiting]) {
        for (const pid of seen.keys()) if (!asked.includes(pid)) seen.delete(pid);
      }
      const answers = new Map<number, HeapReading>();
      for (const pid of asked) {
        const answer = agents.latest(pid);
        if (answer === null || answer.atMs <= (seenMs.get(pid) ?? Number.NEGATIVE_INFINITY)) continue;
        seenMs.set(pid, answer.atMs);
        answers.set(pid, answer.reading);
        if (counts(answer.reading)) waiting.set(pid, answer.reading);
      }
      if (asked.length === 0) return { answers, cells: ownAnswer === null ? UNREAD : sumOf([ownAnswer]) };
      if (ownAnswer !== null && counts(ownAnswer)) own = ownAnswer;
      if (own === null || waiting.size < asked.length) return { answers, cells: UNREAD };
      const cells = sumOf([own, ...waiting.values()]);
      own = null;
      waiting.clear();
      return { answers, cells };
    },
  };
}

function sumOf(readings: readonly HeapReading[]): TreeAgentCells {
  const sum = (of: (reading: HeapReading) => number): number =>
    readings.reduce((total, reading) => total + of(reading), 0);
  const collected = readings.every(({ liveHeapBytes }) => liveHeapBytes !== null);
  return {
    treeHeapPhysicalBytes: sum(({ heapPhysicalBytes }) => heapPhysicalBytes),
    treeExternalBytes: sum(({ externalBytes }) => externalBytes),
    treeArrayBuffersBytes: sum(({ arrayBuffersBytes }) => arrayBuffersBytes),
    treeLiveHeapBytes: collected ? sum(({ liveHeapBytes }) => liveHeapBytes ?? 0) : null,
    treeHandles: sum(({ handles }) => handles),
  };
}
