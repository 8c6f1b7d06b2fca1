import type { Socket } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { PacketSender } from './packet-sender.js';

const BUFFER_BYTES = 65_536;
const LIMIT = 20_000;

/** A socket whose kernel buffer is full: it queues what it is given, as Node does, by reference. */
function stuckSocket() {
  const queued: Buffer[] = [];
  let bytes = 0;
  const socket = {
    getSendQueueCount: () => queued.length,
    getSendQueueSize: () => bytes,
    send: (packet: Buffer, offset: number, length: number) => {
      queued.push(packet.subarray(offset, offset + length));
      bytes += length;
    },
  };
  return { socket: socket as unknown as Socket, queued };
}

function sendUntilFull(sender: PacketSender, socket: Socket): number {
  let sent = 0;
  for (;;) {
    sender.buffer.fill(sent, 0, 100);
    if (!sender.sendTo(socket, 100, 5353, '127.0.0.1')) return sent;
    sent += 1;
  }
}

describe('PacketSender', () => {
  it('keeps one whole buffer at most, and the datagrams behind it at their exact length', () => {
    const { socket, queued } = stuckSocket();
    sendUntilFull(new PacketSender(BUFFER_BYTES, LIMIT), socket);
    const held = queued.map((packet) => packet.buffer.byteLength);
    expect(held.slice(0, 1)).toEqual([BUFFER_BYTES]);
    expect(new Set(held.slice(1))).toEqual(new Set([100]));
  });

  it('leaves what is queued as it was built', () => {
    const { socket, queued } = stuckSocket();
    const sent = sendUntilFull(new PacketSender(BUFFER_BYTES, LIMIT), socket);
    expect(queued.map((packet) => packet[50])).toEqual(
      Array.from({ length: sent }, (_, index) => index % 256),
    );
  });

  it('drops what would go over its bytes, and reports how full it is', () => {
    const { socket } = stuckSocket();
    const sender = new PacketSender(BUFFER_BYTES, LIMIT);
    const sent = sendUntilFull(sender, socket);
    const size = sender.size('queue', [socket]);
    expect(size).toMatchObject({ name: 'queue', entries: sent, limit: LIMIT });
    expect(size.bytes).toBeLessThanOrEqual(LIMIT);
    expect(size.fill).toBeGreaterThan(0.9);
  });
});
