import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openMemoryProbe, parseRollup } from './memory-rollup.js';
import { hasProcfs } from './procfs.js';
import { UNREAD_MEMORY } from './unread-cells.js';

const RECORDED = `55a4c8e00000-7ffd5a5fe000 ---p 00000000 00:00 0                          [rollup]
Rss:               50000 kB
Pss:               40000 kB
Pss_Dirty:         20000 kB
Pss_Anon:          19000 kB
Shared_Clean:      20000 kB
Shared_Dirty:          0 kB
Private_Clean:      9000 kB
Private_Dirty:     21000 kB
Swap:                128 kB
SwapPss:             100 kB
`;

test('a recorded rollup gives PSS, what is private, and swap', () => {
  expect(parseRollup(RECORDED)).toEqual({
    pssBytes: 40_000 * 1024,
    ussBytes: 30_000 * 1024,
    swapBytes: 128 * 1024,
  });
});

test('lines that are missing are unread', () => {
  expect(parseRollup('Rss: 1 kB\n')).toEqual(UNREAD_MEMORY);
});

describe.skipIf(!hasProcfs())('reading it', () => {
  const SMALL = 50e6;

  test('happens at the first of sixty rows, and out of turn only where it has paid off', () => {
    let nowMs = 0;
    const probe = openMemoryProbe(process.pid, false, () => nowMs++);
    const { pssBytes, ussBytes } = probe.read(SMALL, false);
    const resident = 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]);
    expect(ussBytes).toBeGreaterThan(1e6);
    expect(pssBytes).toBeGreaterThanOrEqual(ussBytes ?? Number.NaN);
    expect(pssBytes).toBeLessThan(1.1 * resident);
    const wasRead = (thorough: boolean): boolean => probe.read(SMALL, thorough).pssBytes !== null;
    expect([wasRead(false), wasRead(true)]).toEqual([false, false]);
    nowMs += 2000;
    expect([wasRead(false), wasRead(true)]).toEqual([false, true]);
    nowMs += 2000;
    expect(Array.from({ length: 60 }, () => wasRead(false)).filter(Boolean)).toHaveLength(1);
  });

  test('spares a process above 2 GB unless a budget asks', () => {
    const large = 2.5e9;
    expect(openMemoryProbe(process.pid, false).read(large, true)).toEqual(UNREAD_MEMORY);
    expect(openMemoryProbe(process.pid, true).read(large, false).pssBytes).not.toBeNull();
  });

  test('of a process that has gone is unread', () => {
    expect(openMemoryProbe(2 ** 22 + 1, true).read(SMALL, true)).toEqual(UNREAD_MEMORY);
  });
});
