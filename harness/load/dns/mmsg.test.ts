import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serveUdp } from '../fixtures/udp-server.js';
import { parseLoopback } from '../loopback-address.js';
import { BATCH, loadMmsg, type Mmsg } from './mmsg.js';
import { RECV_BUFFER_BYTES } from './udp-socket.js';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

describe.skipIf(process.platform !== 'linux')('mmsg (Linux only)', () => {
  let mmsg: Mmsg;
  beforeAll(async () => {
    mmsg = await loadMmsg();
  });

  function open(address: string): ReturnType<Mmsg['open']> {
    const socket = mmsg.open(parseLoopback(address));
    cleanUps.push(() => mmsg.close(socket));
    return socket;
  }

  function fill(batch: ReturnType<Mmsg['createBatch']>, texts: readonly string[]): void {
    texts.forEach((text, i) => {
      batch.setLength(i, batch.bytes.write(text, batch.offsetOf(i)));
    });
  }

  async function receiveAll(socket: ReturnType<Mmsg['open']>, count: number): Promise<string[]> {
    const batch = mmsg.createBatch();
    const texts: string[] = [];
    await expect
      .poll(() => {
        const got = mmsg.receive(socket, batch);
        for (let i = 0; i < got; i++) {
          const at = batch.offsetOf(i);
          texts.push(batch.bytes.toString('latin1', at, at + batch.lengthOf(i)));
        }
        return texts.length;
      })
      .toBe(count);
    return texts;
  }

  it('sends a full batch in one call and receives what comes back, each message with its length', async () => {
    const server = await serveUdp((query) => [Buffer.concat([query, query])]);
    cleanUps.push(server.close);
    const socket = open(server.address);
    const texts = Array.from({ length: BATCH }, (_, i) => 'x'.repeat(i + 1));
    const batch = mmsg.createBatch();
    fill(batch, texts);
    expect(mmsg.send(socket, batch, BATCH)).toBe(BATCH);
    expect(await receiveAll(socket, BATCH)).toEqual(texts.map((text) => text + text));
    expect(mmsg.receive(socket, batch)).toBe(0);
  });

  it('reads back a large receive buffer and the local port', async () => {
    const server = await serveUdp(() => []);
    cleanUps.push(server.close);
    const socket = open(server.address);
    expect(socket.localPort).toBeGreaterThan(0);
    expect(socket.recvBufferBytes).toBeGreaterThan(RECV_BUFFER_BYTES / 64);
  });

  it('goes on sending to a port where nothing listens', async () => {
    const server = await serveUdp(() => []);
    server.close();
    const socket = open(server.address);
    const batch = mmsg.createBatch();
    fill(batch, ['a', 'b', 'c']);
    for (let i = 0; i < 20; i++) expect(mmsg.send(socket, batch, 3)).toBeGreaterThan(0);
    expect(mmsg.receive(socket, batch)).toBe(0);
  });

  it('speaks IPv6 as well', async () => {
    const peer = createSocket('udp6');
    peer.bind(0, '::1');
    await once(peer, 'listening');
    peer.on('message', (message, from) => peer.send(message, from.port, from.address));
    cleanUps.push(() => peer.close());
    const socket = open(`[::1]:${peer.address().port}`);
    const batch = mmsg.createBatch();
    fill(batch, ['six']);
    expect(mmsg.send(socket, batch, 1)).toBe(1);
    expect(await receiveAll(socket, 1)).toEqual(['six']);
  });

  it('cuts a message that is longer than its room', async () => {
    const server = await serveUdp(() => [Buffer.alloc(9000, 'y')]);
    cleanUps.push(server.close);
    const socket = open(server.address);
    const batch = mmsg.createBatch();
    fill(batch, ['?']);
    mmsg.send(socket, batch, 1);
    const [text] = await receiveAll(socket, 1);
    expect(text?.length).toBe(batch.offsetOf(1));
  });

  it('waits no longer than it is told, and no longer than until an answer is there', async () => {
    const server = await serveUdp((query) => [query]);
    cleanUps.push(server.close);
    const socket = open(server.address);
    const wait = mmsg.createWait([socket]);
    const idleFrom = performance.now();
    wait(20);
    expect(performance.now() - idleFrom).toBeGreaterThanOrEqual(19);
    const batch = mmsg.createBatch();
    fill(batch, ['ping']);
    mmsg.send(socket, batch, 1);
    await receiveAll(socket, 1);
    mmsg.send(socket, batch, 1);
    // The answer comes from this very process: it is there when the event loop has turned.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answeredFrom = performance.now();
    wait(900);
    expect(performance.now() - answeredFrom).toBeLessThan(500);
  });
});

describe.skipIf(process.platform === 'linux')('mmsg elsewhere', () => {
  it('says that it is for Linux', async () => {
    await expect(loadMmsg()).rejects.toThrow(/Linux x64 and arm64 only/);
  });
});
