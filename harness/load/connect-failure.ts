/** Out of descriptors, ports, buffers or memory on this side. */
const OURS: ReadonlySet<unknown> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'ENOBUFS',
  'ENOMEM',
]);

/** Whether a connection failed for want of something of ours: then it was not offered, and the target is not to blame. */
export function isOurFailure(error: Error): boolean {
  return 'code' in error && OURS.has(error.code);
}
