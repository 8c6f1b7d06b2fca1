import type { Endpoint } from '../endpoint.js';
import type { StructureSize } from '../ops/structure.js';

/** Asks servers over TCP, one message and its answer at a time. */
export interface StreamExchange {
  /**
   * Sends the message to the server and takes the first one that comes back, both without prefix. `onDone` is called
   * exactly once, never before the return; null when none came. False when too many are open, and then it is not called.
   */
  ask(server: Endpoint, message: Buffer, onDone: (response: Buffer | null) => void): boolean;
  size(): StructureSize;
  /** Closes every connection, telling nobody. */
  close(): void;
}

/** Name under which `/health` lists the connections, whichever implementation is in use. */
export const STREAM_STRUCTURE = 'dns-upstream-connections';
