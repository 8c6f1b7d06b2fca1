import type { GrowthKind } from '../core/growth-class.js';
import type { Recording, TimeWindow } from '../core/recording.js';
import { formatBytes } from '../core/units.js';
import { type Explanation, riseOf, steepest, wasRead } from './rise.js';

const NATIVE_ADVICE =
  'rule out a cache that still fills with a longer --duration, tell fragmentation from a native leak with ' +
  '--confirm-allocator, then look at native code with heaptrack';

/** Of a process that somebody else started: it cannot be started again with another allocator. */
const ATTACHED_ADVICE =
  'rule out a cache that still fills with a longer --duration, tell fragmentation from a native leak by starting it ' +
  'with MALLOC_ARENA_MAX=2, then look at native code with heaptrack';

const PARTS = ['cgroup_anon_bytes', 'cgroup_file_bytes', 'cgroup_kernel_bytes', 'cgroup_sock_bytes'] as const;

/** What the part of a control group's memory that grew most says. */
const GROUP: Readonly<Record<(typeof PARTS)[number], readonly [GrowthKind, string, string]>> = {
  cgroup_anon_bytes: ['native-or-fragmentation', 'anonymous memory', NATIVE_ADVICE],
  cgroup_file_bytes: [
    'page-cache',
    'page cache',
    'the kernel gives it back under pressure: set the budget on cgroup-anon, or look for files that only grow',
  ],
  cgroup_kernel_bytes: [
    'kernel',
    'memory of the kernel',
    'look for descriptors, sockets, processes or mounts that pile up, with slabtop beside it',
  ],
  cgroup_sock_bytes: [
    'kernel',
    'buffers of sockets',
    'look for connections whose data is written and not read: ss -tmp shows the queues',
  ],
};

/** Memory of the process that neither the heap nor its buffers explain. */
export function explainNative(recording: Recording, window: TimeWindow, attached: boolean): Explanation {
  const processes = riseOf(recording, 'tree_processes', window);
  if (processes !== null && processes.by > 0) {
    return {
      evidence: `the tree has ${processes.last} processes, ${processes.first} at the start`,
      advice: 'look for child processes that are started and not ended, then at what each of them keeps',
    };
  }
  const rss = riseOf(recording, 'rss_bytes', window);
  const tree = riseOf(recording, 'tree_rss_bytes', window);
  if (rss !== null && tree !== null && tree.by > 0 && rss.by < tree.by / 2) {
    return {
      evidence: `${formatBytes(tree.by - rss.by)} of the rise of ${formatBytes(tree.by)} are in its child processes`,
      advice: 'look at what the workers keep, one of them at a time with --pid',
    };
  }
  const heapRead = wasRead(recording, 'live_heap_bytes');
  return {
    evidence: heapRead ? 'live heap and buffers stay within their budgets' : null,
    advice: attached ? ATTACHED_ADVICE : NATIVE_ADVICE,
  };
}

/** A control group's memory by the part that rose most. */
export function explainGroup(
  recording: Recording,
  window: TimeWindow,
): Explanation & { readonly kind: GrowthKind } {
  const part = steepest(recording, PARTS, window);
  const whole = riseOf(recording, 'cgroup_current_bytes', window);
  const [kind, name, advice] = GROUP[part?.column ?? 'cgroup_anon_bytes'];
  return {
    kind,
    evidence:
      part === null || whole === null
        ? null
        : `${formatBytes(part.by)} of the rise of ${formatBytes(whole.by)} are ${name}`,
    advice,
  };
}

/** Bytes written to storage, and how much of them are log files. */
export function explainDisk(recording: Recording, window: TimeWindow): Explanation {
  const written = riseOf(recording, 'io_write_bytes', window);
  const logs = riseOf(recording, 'log_bytes', window);
  const amount = written === null ? null : `${formatBytes(written.by)} written`;
  if (logs === null || logs.by <= 0) {
    return { evidence: amount, advice: 'look for files that only grow: du and lsof +L1 show them' };
  }
  return {
    evidence: `${amount ?? 'bytes written'}, its log files grew by ${formatBytes(logs.by)}`,
    advice: 'rotate the log files, or log less per operation',
  };
}
