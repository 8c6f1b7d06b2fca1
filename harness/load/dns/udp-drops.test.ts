import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { dropsOf, readUdpDrops } from './udp-drops.js';
import { connectUdpSocket } from './udp-socket.js';

/** As Linux 6 writes it: a server's own socket on port 53, and two that are connected to it. */
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1001 2 0000000000000000 900
  200: 0100007F:9C41 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 1002 2 0000000000000000 7
  201: 0100007F:9C42 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 1003 2 0000000000000000 5
  202: 0100007F:9C43 0100007F:0036 01 00000000:00000000 00:00000000 00000000     0        0 1004 2 0000000000000000 3
`;

describe('drops', () => {
  it('are those of our own sockets, and no others', () => {
    expect(dropsOf(TABLE, new Set([0x9c41, 0x9c42, 0x9c43]), 53)).toBe(12);
    expect(dropsOf(TABLE, new Set([0x9c41]), 53)).toBe(7);
    expect(dropsOf(TABLE, new Set([0x35]), 53)).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('count what a full receive buffer loses (Linux only)', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const to = { host: '127.0.0.1', port, family: 4, text: `127.0.0.1:${port}` } as const;
    const { socket } = await connectUdpSocket(to);
    try {
      socket.setRecvBufferSize(2048);
      const ports = [socket.address().port];
      expect(readUdpDrops(ports, to)).toBe(0);
      // All in one turn of the event loop: nobody reads in between.
      for (let i = 0; i < 200; i++) server.send(Buffer.alloc(500), socket.address().port, '127.0.0.1');
      await expect.poll(() => readUdpDrops(ports, to) ?? 0).toBeGreaterThan(0);
    } finally {
      socket.close();
      server.close();
    }
  });
});
