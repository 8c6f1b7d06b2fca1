import { tenths } from './row-cells.js';

/** CPU between two readings of the time used. */
export interface CpuUse {
  readonly usedMs: number;
  /** Of one core. */
  readonly percent: number;
}

/**
 * Turns readings of the time used into the CPU between them. Null for the first, after a reading that is missing,
 * and where the time went back: a process of a tree ended and nobody in it had waited for it.
 */
export function cpuMeter(): (cpuMs: number | null, nowMs: number) => CpuUse | null {
  let before: { cpuMs: number; atMs: number } | null = null;
  return (cpuMs, nowMs) => {
    const last = before;
    before = cpuMs === null ? null : { cpuMs, atMs: nowMs };
    if (last === null || cpuMs === null || nowMs <= last.atMs || cpuMs < last.cpuMs) return null;
    const usedMs = cpuMs - last.cpuMs;
    return { usedMs, percent: tenths((100 * usedMs) / (nowMs - last.atMs)) };
  };
}
