import { randomFillSync } from 'node:crypto';

/** Message ids of one socket. */
const IDS_PER_SOCKET = 0x1_0000;
const POOL_SIZE = 2048;

/** Picks slots (socket number and message id in one number) that nobody outside can predict. */
export type RandomSlot = (firstSocket: number, socketCount: number) => number;

/**
 * Slots from the system's cryptographic generator, drawn in blocks: RFC 5452 §9.2 asks for unpredictable ids and
 * ports, and one call into the generator per query would cost more than the rest of the query.
 */
export function createRandomSlot(): RandomSlot {
  const pool = new Uint32Array(POOL_SIZE);
  let next = POOL_SIZE;
  return (firstSocket, socketCount) => {
    if (next === POOL_SIZE) {
      randomFillSync(pool);
      next = 0;
    }
    const random = pool[next] ?? 0;
    next += 1;
    const socket = firstSocket + ((random >>> 16) % socketCount);
    return slotOf(socket, random & 0xffff);
  };
}

/** The slot of a message id on a socket. */
export function slotOf(socket: number, id: number): number {
  return socket * IDS_PER_SOCKET + id;
}

/** The socket number in a slot. */
export function socketOf(slot: number): number {
  return Math.floor(slot / IDS_PER_SOCKET);
}

/** The message id in a slot. */
export function idOf(slot: number): number {
  return slot % IDS_PER_SOCKET;
}
