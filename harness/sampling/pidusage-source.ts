import pidusage from 'pidusage';
import type { ProcessSource } from './process-reading.js';

/**
 * Reads a process through pidusage: the portable way, for systems without /proc. It knows RSS and CPU, not
 * descriptors and not threads, which stay empty.
 */
export function openPidusageSource(pid: number): ProcessSource {
  return {
    name: 'pidusage',
    read: async () => {
      try {
        const stat = await pidusage(pid);
        return { rssBytes: stat.memory, fds: null, threads: null, cpuMs: stat.ctime, childrenCpuMs: null };
      } catch {
        return null;
      }
    },
    close: () => pidusage.clear(),
  };
}
