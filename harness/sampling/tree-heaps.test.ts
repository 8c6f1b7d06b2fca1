import { expect, test } from 'vitest';
import type { HeapReading, TimedHeapReading } from '../core/heap-reading.js';
import { followHeaps, type TreeAgents } from './tree-heaps.js';

function heap(mb: number, live = true): HeapReading {
  return {
    heapUsedBytes: mb * 1e6,
    heapTotalBytes: mb * 2e6,
    heapPhysicalBytes: mb * 1.5e6,
    externalBytes: mb * 1e5,
    arrayBuffersBytes: mb * 1e4,
    liveHeapBytes: live ? mb * 1e6 : null,
    collectionMs: live ? 3 : null,
    handles: mb,
    timers: 0,
    tcpHandles: 0,
    udpHandles: 0,
    otherHandles: 0,
    majorGcs: 1,
    eventLoopDelayP99Ms: 0,
  };
}

/** Agents whose answers are put in by hand. */
function agents(...pids: number[]): TreeAgents & {
  readonly asked: (readonly [number, boolean])[];
  answer(pid: number, atMs: number, reading: HeapReading): void;
} {
  const answers = new Map<number, TimedHeapReading>();
  const asked: (readonly [number, boolean])[] = [];
  return {
    asked,
    has: (pid) => pids.includes(pid),
    ask: (pid, collect) => void asked.push([pid, collect]),
    latest: (pid) => answers.get(pid) ?? null,
    answer: (pid, atMs, reading) => void answers.set(pid, { reading, atMs }),
  };
}

test('a target alone is its own sum, whenever it answers', () => {
  const heaps = followHeaps(agents(), true);
  expect(heaps.read(heap(5), []).cells).toMatchObject({ treeLiveHeapBytes: 5e6, treeHandles: 5 });
  expect(heaps.read(heap(5, false), []).cells).toMatchObject({ treeLiveHeapBytes: null, treeHandles: 5 });
  expect(heaps.read(null, []).cells.treeHandles).toBeNull();
});

test('descendants with an agent are asked from the row on that showed them', () => {
  const tree = agents(7, 8);
  const heaps = followHeaps(tree, true);
  heaps.ask(true);
  heaps.read(null, [7, 8, 9]);
  heaps.ask(true);
  expect(tree.asked).toEqual([
    [7, true],
    [8, true],
  ]);
});

test('a sum is made on the row by which each process has answered anew after a collection, once', () => {
  const tree = agents(7, 8);
  const heaps = followHeaps(tree, true);
  tree.answer(7, 10, heap(20));
  expect(heaps.read(heap(5), [7, 8]).cells.treeLiveHeapBytes).toBeNull();
  tree.answer(8, 1_010, heap(30, false));
  const second = heaps.read(heap(6, false), [7, 8]);
  expect(second.cells.treeLiveHeapBytes).toBeNull();
  expect([...second.answers.keys()]).toEqual([8]);
  tree.answer(8, 2_010, heap(31));
  const third = heaps.read(null, [7, 8]);
  expect(third.cells).toEqual({
    treeHeapPhysicalBytes: 1.5 * 56e6,
    treeExternalBytes: 5.6e6,
    treeArrayBuffersBytes: 56e4,
    treeLiveHeapBytes: 56e6,
    treeHandles: 56,
  });
  expect(heaps.read(null, [7, 8])).toMatchObject({ answers: new Map(), cells: { treeLiveHeapBytes: null } });
});

test('one that has ended is not waited for, and its last answer is not counted', () => {
  const tree = agents(7, 8);
  const heaps = followHeaps(tree, true);
  tree.answer(7, 10, heap(20));
  heaps.read(heap(5), [7, 8]);
  tree.answer(8, 1_010, heap(30));
  expect(heaps.read(null, [8]).cells.treeLiveHeapBytes).toBe(35e6);
});

test('where nothing is collected any answer counts, and there is no live heap', () => {
  const tree = agents(7);
  const heaps = followHeaps(tree, false);
  tree.answer(7, 10, heap(20, false));
  expect(heaps.read(heap(5, false), [7]).cells).toMatchObject({
    treeLiveHeapBytes: null,
    treeExternalBytes: 2.5e6,
  });
});
