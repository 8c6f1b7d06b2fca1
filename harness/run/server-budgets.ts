const MIB = 1024 * 1024;

/** Descriptors of connections that come and go by chance, a few dozen at a time; a leak of them is ten times that. */
export const COMING_AND_GOING = { fds: 60 } as const;

/** Growth that a healthy server stays below, when nothing else is known of it. */
export const SERVER_BUDGETS = {
  'live-heap': 1 * MIB,
  external: 1 * MIB,
  'array-buffers': 1 * MIB,
  fds: 1,
  threads: 1,
} as const;
