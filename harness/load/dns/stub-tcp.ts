import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createFrameReader, frame } from './tcp-frames.js';

/** The TCP side of the stub upstream. */
export interface StubTcp {
  /** Stops listening and ends every connection. */
  close(): void;
}

/** Descriptors that the target may take from the load process. */
const MAX_CONNECTIONS = 10_000;
/** A connection on which nothing happens is the target's to close; ours only so that nothing is kept for ever. */
const IDLE_MS = 10 * 60_000;

/**
 * Takes DNS over TCP on a port of loopback. Whatever `onQuery` does not answer leaves its connection open, in silence.
 *
 * @throws the system's error when the port is taken
 */
export async function listenForTcp(
  port: number,
  onQuery: (query: Buffer, answer: (message: Buffer) => void) => void,
): Promise<StubTcp> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // A target that gives up resets; the close that follows is all there is to know.
    socket.on('error', () => undefined);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on(
      'data',
      createFrameReader((query) =>
        onQuery(Buffer.from(query), (message) => {
          if (!socket.destroyed) socket.write(frame(message));
        }),
      ),
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
