import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupCells } from '../core/sample-cells.js';
import { type KeptFile, keepOpen } from './kept-file.js';
import { createRation } from './ration.js';
import { UNREAD_CGROUP } from './unread-cells.js';

/** Share of the time that reading a group may take: some 40 µs, and the kernel first sums up over all CPUs. */
const SHARE = 0.001;

/** Room for `memory.stat`, the longest of the files: about 60 lines. */
const FILE_BYTES = 16 * 1024;

/** Reads the memory of a control group. */
export interface CgroupProbe {
  read(): CgroupCells;
  close(): void;
}

/**
 * The folder of a process's control group v2, when the group is its own: neither the root nor the rig's group
 * nor one that the rig's lies in. Null without one, under cgroup v1, and where the group has no memory controller.
 */
export function findOwnCgroup(pid: number, proc = '/proc'): string | null {
  try {
    const group = unifiedGroup(readFileSync(`${proc}/${pid}/cgroup`, 'latin1'));
    const rigs = unifiedGroup(readFileSync(`${proc}/self/cgroup`, 'latin1'));
    const mount = unifiedMount(readFileSync(`${proc}/self/mountinfo`, 'latin1'));
    if (group === null || mount === null || `${rigs}/`.startsWith(`${group}/`) || group === '/') return null;
    const folder = join(mount, group);
    return existsSync(join(folder, 'memory.current')) ? folder : null;
  } catch {
    return null;
  }
}

/** The group of the line `0::/path` (cgroups(7)); null when the process is in none. */
function unifiedGroup(text: string): string | null {
  return /^0::(.+)$/m.exec(text)?.[1] ?? null;
}

/** Where the unified hierarchy is mounted: fifth field of a line whose file system is `cgroup2` (proc_pid_mountinfo(5)). */
function unifiedMount(text: string): string | null {
  return /^(?:\S+ ){4}(\S+) .* - cgroup2 /m.exec(text)?.[1] ?? null;
}

/** Reads the group in a folder; files that are not there leave their cells empty. */
export function openCgroupProbe(folder: string): CgroupProbe {
  const ration = createRation(SHARE);
  const buffer = Buffer.alloc(FILE_BYTES);
  const files = ['current', 'stat', 'events', 'pressure'].map((name) =>
    keepOpen(join(folder, `memory.${name}`)),
  );
  const text = (file: KeptFile | undefined): string => {
    const length = file?.read(buffer) ?? null;
    return length === null ? '' : buffer.toString('latin1', 0, length);
  };
  return {
    read: () => {
      if (!ration.isDue()) return UNREAD_CGROUP;
      return ration.run(() => {
        const [current = '', stat = '', events = '', pressure = ''] = files.map(text);
        return parseCgroup({ current, stat, events, pressure });
      });
    },
    close: () => {
      for (const file of files) file.close();
    },
  };
}

/** Parses the texts of `memory.current`, `.stat`, `.events` and `.pressure` (kernel: admin-guide/cgroup-v2.rst). */
export function parseCgroup(texts: {
  readonly current: string;
  readonly stat: string;
  readonly events: string;
  readonly pressure: string;
}): CgroupCells {
  return {
    cgroupCurrentBytes: numberAfter(texts.current, '^'),
    cgroupAnonBytes: numberAfter(texts.stat, '^anon '),
    cgroupFileBytes: numberAfter(texts.stat, '^file '),
    cgroupKernelBytes: numberAfter(texts.stat, '^kernel '),
    cgroupSockBytes: numberAfter(texts.stat, '^sock '),
    cgroupHighEvents: numberAfter(texts.events, '^high '),
    cgroupMaxEvents: numberAfter(texts.events, '^max '),
    cgroupOomKills: numberAfter(texts.events, '^oom_kill '),
    cgroupPressurePercent: numberAfter(texts.pressure, '^some avg10='),
  };
}

function numberAfter(text: string, pattern: string): number | null {
  const digits = new RegExp(`${pattern}(\\d+(?:\\.\\d+)?)`, 'm').exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
