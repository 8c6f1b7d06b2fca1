import { connect, type Socket } from 'node:net';
import type { LoopbackAddress } from '../../harness/load/loopback-address.js';
import type { Session } from '../../harness/load/peer/wire/frames.js';
import { createHelloReader, NONCE_BYTES, PUBLIC_KEY_BYTES } from '../../harness/load/peer/wire/hello.js';
import type { PeerKeys } from '../../harness/load/peer/wire/peer-keys.js';

/** A connection of which every byte is chosen by the caller. */
export interface RawCall {
  readonly to: LoopbackAddress;
  /** Address of this machine to connect from; null for the system's choice. */
  readonly from: string | null;
  readonly keys: PeerKeys;
  /** The first bytes, a hello or what stands in its place. */
  readonly hello: Buffer;
  /** What is said when the node has answered with its own hello. */
  readonly say: (session: Session) => Buffer;
  /** With `end` all is said after the hello, or after `say`; `hold` leaves the rest to the node. */
  readonly after: 'hello-then-end' | 'say-then-end' | 'hold';
}

/** How a call ended. */
export type RawEnd = 'closed' | 'refused' | 'stalled';

/** A node has read what it got and closed by then, unless it is to be held up. */
const PATIENCE_MS = 10_000;

/**
 * Calls the node; what it says besides its hello is thrown away. `held` is given the socket of a call that is left
 * open, and the promise resolves at once.
 */
export function callRaw(
  { to, from, keys, hello, say, after }: RawCall,
  held: (socket: Socket) => void,
): Promise<RawEnd> {
  const local = from === null ? {} : { localAddress: from };
  const socket = connect({ host: to.host, port: to.port, noDelay: true, autoSelectFamily: false, ...local });
  return new Promise((resolve) => {
    let stands = false;
    const end = (how: RawEnd): void => {
      clearTimeout(timer);
      resolve(how);
      // A reset leaves nothing behind in the kernel, of a hundred thousand connections.
      socket.resetAndDestroy();
    };
    const timer = setTimeout(() => end('stalled'), PATIENCE_MS);
    socket.on('connect', () => {
      stands = true;
      if (after === 'hello-then-end') socket.end(hello);
      else socket.write(hello);
      if (after !== 'hold') return;
      clearTimeout(timer);
      held(socket);
      resolve('closed');
    });
    const readHello = createHelloReader(PUBLIC_KEY_BYTES + NONCE_BYTES);
    let isKeyed = after !== 'say-then-end';
    socket.on('data', (chunk: Buffer) => {
      if (isKeyed) return;
      const answer = readHello(chunk);
      if (answer === null) return;
      isKeyed = true;
      const key = keys.agree(answer.tail.subarray(0, PUBLIC_KEY_BYTES));
      socket.end(say({ key, nonce: answer.tail.subarray(PUBLIC_KEY_BYTES) }));
    });
    // A reset is the node's way of closing on bytes that it has not read.
    socket.on('error', () => undefined);
    socket.on('close', () => end(stands ? 'closed' : 'refused'));
  });
}
