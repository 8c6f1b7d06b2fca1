import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Endpoint } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import { countedStructure, type StructureSize } from '../ops/structure.js';
import { TcpConnection } from './tcp-connection.js';
import {
  boundEndpoint,
  createServe,
  listening,
  TCP_STRUCTURE,
  type TcpServer,
  type TcpServerDeps,
} from './tcp-server.js';

/**
 * The TCP side of seed 000's resolver: each connection goes into the unbounded queue of a worker picked at random, and
 * a worker serves one query of one connection at a time, waiting for it without any time-out. As many silent clients
 * as there are workers stop the service, and every later connection stays in a queue with its descriptor, also when
 * its client has long left. Nothing is read from it there, so nobody notices.
 */
export async function openWorkerTcpServer(
  listen: Endpoint,
  workerCount: number,
  deps: TcpServerDeps,
): Promise<TcpServer> {
  const { clock, counters, log } = deps;
  const serve = createServe(deps);
  const workers = Array.from({ length: workerCount }, () => new TcpWorker((socket) => serveOne(socket)));
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.on('connection', (socket) => {
    counters.tcpAccepted += 1;
    socket.on('error', () => undefined);
    workers[Math.floor(Math.random() * workers.length)]?.take(socket);
  });

  function serveOne(socket: Socket): void {
    const connection = new TcpConnection(socket, 0, clock(), {
      onMessage: (_connection, message) => {
        if (connection.queryCount > 1) return;
        serve(connection, message);
        connection.endWhenAnswered();
      },
      onEmpty: () => serve(connection, null),
      onUnsent: () => undefined,
    });
    socket.once('finish', () => socket.destroy());
    socket.resume();
  }

  await listening(server, listen);
  server.on('error', (error) => log.warn('client-socket', `TCP server: ${reasonOf(error)}`));
  const held = (): number => workers.reduce((sum, worker) => sum + worker.held, 0);
  return {
    address: boundEndpoint(server, listen),
    structures: (): readonly StructureSize[] => [countedStructure(TCP_STRUCTURE, held(), null)],
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const worker of workers) worker.close();
      await closed;
    },
  };
}

/** Serves one connection after the other. */
class TcpWorker {
  private readonly serve: (socket: Socket) => void;
  private queue: Socket[] = [];
  private current: Socket | null = null;

  constructor(serve: (socket: Socket) => void) {
    this.serve = serve;
  }

  get held(): number {
    return this.queue.length + (this.current === null ? 0 : 1);
  }

  take(socket: Socket): void {
    this.queue.push(socket);
    if (this.current === null) this.next();
  }

  close(): void {
    const sockets = [...this.queue, ...(this.current === null ? [] : [this.current])];
    this.queue = [];
    for (const socket of sockets) socket.destroy();
  }

  private next(): void {
    this.current = this.queue.shift() ?? null;
    if (this.current === null) return;
    this.current.once('close', () => this.next());
    this.serve(this.current);
  }
}
