/**
 * Reads the target: its own process, the sum of its tree, and what costs more as rarely as it may. A process
 * alone costs about 20 µs a tick; `npm run bench:sampler` shows each part.
 */
import type { MetricName } from '../core/metric.js';
import { findOwnCgroup, openCgroupProbe } from './cgroup.js';
import { openDescriptorProbe } from './descriptors.js';
import { openIoProbe } from './io.js';
import { openMemoryProbe } from './memory-rollup.js';
import { openPidusageSource } from './pidusage-source.js';
import type { ProcessReading, TargetReading, TargetSource } from './process-reading.js';
import { followTree } from './process-tree.js';
import { openProcSource } from './procfs.js';
import { UNREAD_CGROUP, UNREAD_TARGET } from './unread-cells.js';

/** Metrics that are read rarely, unless a budget asks for them. */
const MEMORY_METRICS: readonly MetricName[] = ['pss', 'uss', 'swap'];
const DESCRIPTOR_METRICS: readonly MetricName[] = ['sockets'];

/** `asked`: the metrics that the user set budgets on. Throws `ENOENT` when there is no such process. */
export function openTargetSource(
  sampler: 'proc' | 'pidusage',
  pid: number,
  asked: readonly MetricName[] = [],
): TargetSource {
  return sampler === 'proc' ? openProcTarget(pid, asked) : openPortableTarget(pid);
}

function openProcTarget(pid: number, asked: readonly MetricName[]): TargetSource {
  const own = openProcSource(pid);
  const io = openIoProbe(pid);
  const tree = followTree(pid);
  const memory = openMemoryProbe(
    pid,
    asked.some((metric) => MEMORY_METRICS.includes(metric)),
  );
  const descriptors = openDescriptorProbe(
    pid,
    asked.some((metric) => DESCRIPTOR_METRICS.includes(metric)),
  );
  const folder = findOwnCgroup(pid);
  const cgroup = folder === null ? null : openCgroupProbe(folder);
  return {
    name: 'proc',
    read: async (thorough) => {
      const reading = await own.read();
      if (reading === null) return null;
      const sum = tree.read(reading);
      return {
        ...reading,
        treeCpuMs: sum.cpuMs,
        members: sum.members,
        cells: {
          ioWriteBytes: io.read(),
          ...sum.cells,
          ...memory.read(reading.rssBytes, thorough),
          ...descriptors.read(reading.fds, thorough),
          ...(cgroup?.read() ?? UNREAD_CGROUP),
        },
      };
    },
    close: () => {
      for (const probe of [own, io, tree, cgroup]) probe?.close();
    },
  };
}

/** RSS and CPU of the one process, which is what there is without /proc. */
function openPortableTarget(pid: number): TargetSource {
  const own = openPidusageSource(pid);
  const widen = (reading: ProcessReading): TargetReading => ({
    ...reading,
    treeCpuMs: null,
    cells: UNREAD_TARGET,
    members: [],
  });
  return {
    name: 'pidusage',
    read: async () => {
      const reading = await own.read();
      return reading === null ? null : widen(reading);
    },
    close: own.close,
  };
}
