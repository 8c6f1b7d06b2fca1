import { readFileSync } from 'node:fs';
import type { MemoryCells } from '../core/sample-cells.js';
import { createRation } from './ration.js';
import { UNREAD_MEMORY } from './unread-cells.js';

/** Rows between two readings. */
const EVERY_TICKS = 60;

/**
 * A reading takes the lock that the target needs to map memory: measured 23 ms for 1 GB in pages of 4 KiB,
 * during which its own calls stalled for 40 to 80 ms instead of 0.2. Hence the share of the time that it may
 * take, the larger one when the user asked for these figures, and the size above which only asking helps.
 */
const SHARE = 0.0005;
const SHARE_WHEN_ASKED = 0.01;
const LARGEST_RSS_BYTES = 2 * 2 ** 30;

/** Reads PSS, USS and swap of a process, rarely. */
export interface MemoryProbe {
  /** Unread cells at most ticks; `thorough` asks for a reading out of turn. */
  read(rssBytes: number | null, thorough: boolean): MemoryCells;
}

/** `asked`: read as often as its cost by `nowMs` allows and whatever the size, since a budget was set on it. */
export function openMemoryProbe(pid: number, asked: boolean, nowMs?: () => number): MemoryProbe {
  const ration = createRation(asked ? SHARE_WHEN_ASKED : SHARE, nowMs);
  let tick = -1;
  return {
    read: (rssBytes, thorough) => {
      tick++;
      const inTurn = asked || thorough || tick % EVERY_TICKS === 0;
      const small = asked || (rssBytes ?? Number.POSITIVE_INFINITY) <= LARGEST_RSS_BYTES;
      if (!inTurn || !small || !ration.isDue()) return UNREAD_MEMORY;
      return ration.run(() => readRollup(pid));
    },
  };
}

function readRollup(pid: number): MemoryCells {
  try {
    return parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
  } catch {
    return UNREAD_MEMORY;
  }
}

/** The lines `Pss: 1234 kB` of /proc/PID/smaps_rollup (proc_pid_smaps(5)); USS is what is private. */
export function parseRollup(text: string): MemoryCells {
  const bytes = (name: string): number | null => {
    const value = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1];
    return value === undefined ? null : Number(value) * 1024;
  };
  const clean = bytes('Private_Clean');
  const dirty = bytes('Private_Dirty');
  return {
    pssBytes: bytes('Pss'),
    ussBytes: clean === null || dirty === null ? null : clean + dirty + (bytes('Private_Hugetlb') ?? 0),
    swapBytes: bytes('Swap'),
  };
}
