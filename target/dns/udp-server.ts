import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { type Endpoint, socketType } from '../endpoint.js';
import { reasonOf } from '../errors.js';
import type { Counters } from '../ops/counters.js';
import type { Log } from '../ops/log.js';
import type { StructureSize } from '../ops/structure.js';
import type { Answer } from './answer.js';
import type { DatagramNames } from './datagram-names.js';
import { PacketSender } from './packet-sender.js';
import type { Query } from './query.js';
import type { RequestGuard } from './request-guard.js';
import type { Client, Resolver } from './resolver.js';
import { writeAnswer, writeError } from './response.js';
import { serveMessage } from './serve-message.js';
import { MAX_MESSAGE_BYTES, OPT_BYTES } from './wire.js';

/** A DNS service on one UDP socket. */
export interface UdpServer {
  readonly address: Endpoint;
  structures(): readonly StructureSize[];
  close(): void;
}

/** What the server works with. */
export interface UdpServerDeps {
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly guard: RequestGuard;
  readonly names: DatagramNames;
  readonly counters: Counters;
  readonly log: Log;
}

/**
 * Asked of the kernel, which grants twice as much (`socket(7)`) and counts for each packet the memory that holds it, not its
 * length: 832 bytes for a usual question, measured on Linux 6.18. So 2 520 questions may wait, a burst of 126 ms at 20 000/s,
 * and 1.3 s of a starved node that answers 2 000/s. With 4 MiB, 10 080 could: at 2 000/s the last of them is answered after
 * 5 s, when its client has given up (RFC 1035 §4.2.1 has clients ask again after 2 to 5 s), and as long as the load goes on
 * the queue stands and every answer is late. What finds no room is lost at once, and the next try makes up for it.
 */
const RECEIVE_BUFFER_BYTES = 1 << 20;
/** What may wait for the kernel: more than a thousand usual answers, and little beside the cache. */
const MAX_QUEUED_BYTES = 1 << 20;

/** Listens on `listen`; rejects with the system's error when the address cannot be had. */
export async function openUdpServer(listen: Endpoint, deps: UdpServerDeps): Promise<UdpServer> {
  const socket = createSocket({
    type: socketType(listen),
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Addresses are always numeric; the standard look-up would delay each answer by a tick and allocate for it.
    lookup: (address, _options, callback) => callback(null, address, isIPv6(address) ? 6 : 4),
  });
  try {
    const bound = once(socket, 'listening');
    socket.bind(listen.port, listen.address);
    await bound;
  } catch (error) {
    socket.close();
    throw error;
  }
  const { resolver, counters, log } = deps;
  const sender = new PacketSender(MAX_MESSAGE_BYTES + OPT_BYTES, MAX_QUEUED_BYTES);
  const replier: Replier = {
    buffer: () => sender.buffer,
    send: (length, remote) => {
      // Nobody can be answered on port 0.
      if (remote.port === 0) return;
      if (!sender.sendTo(socket, length, remote.port, remote.address)) counters.unsent += 1;
    },
  };
  socket.on('error', (error) => log.warn('client-socket', `UDP server: ${reasonOf(error)}`));
  const serve = deps.guard((packet: Buffer, remote: RemoteInfo) =>
    serveMessage(packet, 'datagram', counters, {
      query: (query) => resolver.resolve(new UdpClient(query, remote, replier)),
      refuse: (echo, rcode) => replier.send(writeError(replier.buffer(), echo, rcode), remote),
      drop: () => undefined,
    }),
  );
  socket.on('message', (packet, remote) => deps.names.read(packet, (read) => serve(read, remote)));

  const { address, port } = socket.address();
  return {
    address: { address, port },
    structures: () => [sender.size('dns-answer-queue', [socket])],
    close: () => {
      deps.names.close();
      socket.close();
    },
  };
}

/** Sends what was written into its buffer. */
interface Replier {
  buffer(): Buffer;
  send(length: number, remote: RemoteInfo): void;
}

/** One query that came by UDP and where its answer goes. */
class UdpClient implements Client {
  readonly query: Query;
  private readonly remote: RemoteInfo;
  private readonly replier: Replier;

  constructor(query: Query, remote: RemoteInfo, replier: Replier) {
    this.query = query;
    this.remote = remote;
    this.replier = replier;
  }

  reply(answer: Answer, ageSec: number): void {
    this.replier.send(writeAnswer(this.replier.buffer(), this.query, answer, ageSec), this.remote);
  }

  fail(rcode: number): void {
    this.replier.send(writeError(this.replier.buffer(), this.query, rcode), this.remote);
  }
}
