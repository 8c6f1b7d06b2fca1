import { openPidusageSource } from './pidusage-source.js';
import type { ProcessSource } from './process-reading.js';
import { hasProcfs, openProcSource } from './procfs.js';

/** The reader that suits this system: /proc where there is one. */
export function defaultSampler(): 'proc' | 'pidusage' {
  return hasProcfs() ? 'proc' : 'pidusage';
}

export function openProcessSource(sampler: 'proc' | 'pidusage', pid: number): ProcessSource {
  return sampler === 'proc' ? openProcSource(pid) : openPidusageSource(pid);
}
