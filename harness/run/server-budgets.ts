const MIB = 1024 * 1024;

/** Growth that a healthy server stays below, when nothing else is known of it. */
export const SERVER_BUDGETS = {
  'live-heap': 1 * MIB,
  external: 1 * MIB,
  'array-buffers': 1 * MIB,
  fds: 1,
  threads: 1,
} as const;
