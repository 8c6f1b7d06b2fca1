import { describe, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../core/fixtures/fake-clock.js';
import type { HeapReading } from '../core/heap-reading.js';
import type { ProcessRow } from '../core/process-row.js';
import type { Sample } from '../core/sample.js';
import type { ProcessReading, ProcessSource, TargetReading, TargetSource } from './process-reading.js';
import { type HeapProbe, runSampler, type SamplerDeps } from './sampler.js';
import { UNREAD_TARGET } from './unread-cells.js';

const READING: ProcessReading = { rssBytes: 50e6, fds: 20, threads: 11, cpuMs: 100, childrenCpuMs: 0 };
const HEAP: HeapReading = {
  heapUsedBytes: 8e6,
  heapTotalBytes: 12e6,
  heapPhysicalBytes: 10e6,
  externalBytes: 2e6,
  arrayBuffersBytes: 1e6,
  liveHeapBytes: 8e6,
  collectionMs: 4,
  handles: 4,
  timers: 1,
  tcpHandles: 2,
  udpHandles: 1,
  otherHandles: 0,
  majorGcs: 1,
  eventLoopDelayP99Ms: 0.4,
};

function source(read: () => ProcessReading | null = () => READING): ProcessSource {
  return { name: 'proc', read: async () => read(), close: () => undefined };
}

function target(read: (thorough: boolean) => Partial<TargetReading> | null = () => READING): TargetSource {
  const widen = (reading: Partial<TargetReading> | null): TargetReading | null =>
    reading && { ...READING, treeCpuMs: null, cells: UNREAD_TARGET, members: [], ...reading };
  return { name: 'proc', read: async (thorough) => widen(read(thorough)), close: () => undefined };
}

/** An agent that answers `delayMs` after it was asked, one question at a time. */
function agent(clock: FakeClock, delayMs: number): HeapProbe {
  let dueMs: number | null = null;
  let latest: { reading: HeapReading; atMs: number } | null = null;
  const arrive = (): void => {
    if (dueMs === null || dueMs > clock.nowMs()) return;
    latest = { reading: HEAP, atMs: dueMs };
    dueMs = null;
  };
  return {
    ask: () => {
      arrive();
      dueMs ??= clock.nowMs() + delayMs;
    },
    latest: () => {
      arrive();
      return latest;
    },
  };
}

async function sample(
  clock: FakeClock,
  count: number,
  overrides: Partial<SamplerDeps> = {},
): Promise<Sample[]> {
  const rows: Sample[] = [];
  const stop = new AbortController();
  const deps: SamplerDeps = {
    clock,
    target: target(),
    rig: source(),
    heap: null,
    cadence: null,
    load: () => null,
    phase: () => 'steady',
    emit: (row) => {
      rows.push(row);
      if (rows.length === count) stop.abort();
    },
    ...overrides,
  };
  await runSampler({ pid: 42, startMs: 250, everyMs: 1000 }, deps, stop.signal);
  return rows;
}

describe('the sampler', () => {
  test('writes a row per tick on the grid', async () => {
    const rows = await sample(createFakeClock(), 4);
    expect(rows.map((row) => row.elapsedMs)).toEqual([0, 1000, 2000, 3000]);
    expect(rows.every((row) => row.missedTicks === 0 && row.pid === 42)).toBe(true);
  });

  test('a row holds what a prompt agent answered, and how old that is', async () => {
    const clock = createFakeClock();
    const rows = await sample(clock, 2, { heap: agent(clock, 20) });
    expect(rows[1]).toMatchObject({ liveHeapBytes: 8e6, handles: 4, agentAgeMs: 230 });
  });

  test('never waits for the agent: a late answer leaves the cells of its row empty and fills the next', async () => {
    const clock = createFakeClock();
    const rows = await sample(clock, 3, { heap: agent(clock, 400) });
    expect(rows.map((row) => row.elapsedMs)).toEqual([0, 1000, 2000]);
    expect(rows.map((row) => row.heapUsedBytes)).toEqual([null, 8e6, 8e6]);
    expect(rows.map((row) => row.agentAgeMs)).toEqual([null, 850, 850]);
  });

  test('a blocked target shows as empty cells and a growing age, not as an old reading', async () => {
    const clock = createFakeClock();
    let asked = 0;
    const blocked: HeapProbe = {
      ask: () => asked++,
      latest: () => ({ reading: HEAP, atMs: 10 }),
    };
    const rows = await sample(clock, 4, { heap: blocked });
    expect(rows.map((row) => row.liveHeapBytes)).toEqual([8e6, null, null, null]);
    expect(rows.map((row) => row.agentAgeMs)).toEqual([240, 1240, 2240, 3240]);
    expect(asked).toBe(4);
  });

  test('CPU is the time used between two rows, and empty on the first', async () => {
    let cpuMs = 0;
    const busy = target(() => {
      cpuMs += 250;
      return { ...READING, cpuMs };
    });
    const rows = await sample(createFakeClock(), 3, { target: busy });
    expect(rows.map((row) => row.cpuPercent)).toEqual([null, 25, 25]);
  });

  test('what could not be read is an empty cell', async () => {
    const blind = target(() => ({ rssBytes: null, fds: null, threads: null, cpuMs: null }));
    const rows = await sample(createFakeClock(), 2, { target: blind, rig: source(() => null) });
    expect(rows[1]).toMatchObject({
      rssBytes: null,
      fds: null,
      threads: null,
      cpuPercent: null,
      rigRssBytes: null,
    });
  });

  test('the CPU of the tree is that of everything in it, and empty where the sum went back', async () => {
    const sums = [100, 400, 350, 450];
    const forking = target(() => ({ treeCpuMs: sums.shift() ?? null }));
    const rows = await sample(createFakeClock(), 4, { target: forking });
    expect(rows.map((row) => row.treeCpuPercent)).toEqual([null, 30, null, 10]);
  });

  test('the costly readings are asked for where a phase begins', async () => {
    const asked: boolean[] = [];
    const phases = ['warm-up', 'warm-up', 'steady', 'steady', 'drain'] as const;
    const watched = target((thorough) => {
      asked.push(thorough);
      return {};
    });
    await sample(createFakeClock(), 5, {
      target: watched,
      phase: () => phases[asked.length] ?? 'drain',
    });
    expect(asked).toEqual([true, false, true, false, true]);
  });

  test('hands on the processes of a tree with the time of their row, and nothing of a target alone', async () => {
    const member = { ...READING, pid: 43, parentPid: 42, name: 'worker' };
    const trees = [[], [member], []];
    const forking = target(() => ({ members: trees.shift() ?? [] }));
    const rows: ProcessRow[] = [];
    await sample(createFakeClock(), 3, {
      target: forking,
      emitProcesses: (processes) => rows.push(...processes),
    });
    expect(rows).toEqual([
      {
        elapsedMs: 1000,
        pid: 43,
        parentPid: 42,
        name: 'worker',
        rssBytes: 50e6,
        fds: 20,
        threads: 11,
        cpuMs: 100,
        heapUsedBytes: null,
        externalBytes: null,
        liveHeapBytes: null,
      },
    ]);
  });

  test('ends when the target has gone', async () => {
    let reads = 0;
    const mortal = target(() => (++reads > 2 ? null : READING));
    const rows: Sample[] = [];
    const outcome = await runSampler(
      { pid: 42, startMs: 250, everyMs: 1000 },
      {
        clock: createFakeClock(),
        target: mortal,
        rig: source(),
        heap: null,
        cadence: null,
        load: () => null,
        phase: () => 'steady',
        emit: (row) => rows.push(row),
      },
      new AbortController().signal,
    );
    expect(outcome).toBe('target-gone');
    expect(rows).toHaveLength(2);
  });
});
