import { statfsSync } from 'node:fs';
import { formatBytes, formatDuration } from '../../core/units.js';
import { memoryLeftFor } from '../../process/available-memory.js';
import type { HeapSize } from '../heap-access.js';

/**
 * V8 takes 630 to 800 bytes of memory for each object of a snapshot: up to sixteen times a heap of small objects
 * (measured with Node 20 to 26), and gives little of it back.
 */
const MEMORY_FACTOR = 20;

/** Three snapshots as text take 1.7 times the heap each, and pass through the disk before they are packed. */
const DISK_FACTOR = 8;

/** A snapshot takes 2.6 to 3 µs for each object, and objects have some 40 bytes on the average. */
const PAUSE_MS_PER_BYTE = 3 / 1000 / 40;

/** What a snapshot may take beyond the pause that was predicted, before it is given up. */
const PAUSE_PATIENCE = 5;
const PAUSE_GRACE_MS = 30_000;

/** What can be had on this machine, for a process and in a folder. */
export interface Means {
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

export function meansFor(pid: number, folder: string): Means {
  const { bavail, bsize } = statfsSync(folder);
  return { memoryBytes: memoryLeftFor(pid), diskBytes: bavail * bsize };
}

/** Why a snapshot of a heap must not be taken here: one sentence; null when it may. */
export function whyNot({ heapUsedBytes }: HeapSize, { memoryBytes, diskBytes }: Means): string | null {
  const memoryNeeded = MEMORY_FACTOR * heapUsedBytes;
  if (memoryBytes < memoryNeeded) {
    return (
      `a snapshot of its heap of ${formatBytes(heapUsedBytes)} may take ${formatBytes(memoryNeeded)} of memory, and ` +
      `${formatBytes(memoryBytes)} are free: free some, or shorten --duration so that less has leaked by then`
    );
  }
  const diskNeeded = DISK_FACTOR * heapUsedBytes;
  if (diskBytes >= diskNeeded) return null;
  return (
    `three snapshots of its heap of ${formatBytes(heapUsedBytes)} may take ${formatBytes(diskNeeded)} on disk, and ` +
    `${formatBytes(diskBytes)} are free: choose another --out`
  );
}

/** For how long a process stands still for one snapshot, at most, where its heap is made of small objects. */
export function predictedPauseMs({ heapUsedBytes }: HeapSize): number {
  return heapUsedBytes * PAUSE_MS_PER_BYTE;
}

/** How long to wait for one. */
export function patienceMs(size: HeapSize): number {
  return Math.ceil(PAUSE_GRACE_MS + PAUSE_PATIENCE * predictedPauseMs(size));
}

/** The prediction for people. */
export function pauseText(size: HeapSize): string {
  const ms = predictedPauseMs(size);
  return ms < 1000 ? 'less than a second' : `up to ${formatDuration(Math.ceil(ms / 1000) * 1000)}`;
}
