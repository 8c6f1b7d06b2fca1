import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { decode, queryPacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream } from './fixtures/sockets.js';
import { framed, openTcpClient, type TcpClientSocket } from './fixtures/tcp-client.js';
import { zoneAnswer } from './fixtures/zone.js';

let upstream: StubUpstream;
let node: TestNode;
let clients: TcpClientSocket[];
beforeAll(async () => {
  upstream = await openStubUpstream(zoneAnswer);
});
afterAll(() => upstream.close());
afterEach(() => node.close());

/** Sends many questions that nobody answers. */
async function overload(count: number): Promise<void> {
  const client = await openClient(node.dns);
  for (let index = 0; index < count; index += 1) client.send(queryPacket(`silent${index}.test`));
  await vi.waitFor(async () => expect((await node.health()).counters.received).toBe(count));
  client.close();
}

describe('a queue of UDP queries', () => {
  it('UDP server handles high load without memory accumulation', async () => {
    const patience = ['forward_timeout_sec = 1.5', 'queue_max_age_sec = 1.5'];
    const dns = ['max_in_flight = 10', 'udp_queue_size = 20', ...patience];
    node = await startTestNode([upstream.endpoint], dns);
    await overload(100);
    expect(await node.entries('dns-questions')).toBe(10);
    expect(await node.entries('dns-query-queue')).toBe(20);
    expect((await node.health()).counters.shed).toBe(70);
    await vi.waitFor(async () => expect(await node.entries('dns-query-queue')).toBe(0), 10_000);
    const client = await openClient(node.dns);
    expect(decode(await client.ask(queryPacket('www.test')))).toMatchObject({ rcodeNumber: 0 });
    client.close();
  });

  it('keeps everything with the fault dns-udp-queue, and lets a good query wait behind it', async () => {
    const dns = ['threads = 2', 'forward_timeout_sec = 0.2'];
    node = await startTestNode([upstream.endpoint], dns, ['dns-udp-queue']);
    await overload(20);
    expect(await node.entries('dns-udp-queue')).toBeGreaterThan(14);
    const client = await openClient(node.dns);
    const answered = client.ask(queryPacket('www.test'));
    expect(await Promise.race([answered, delay(300, 'waiting')])).toBe('waiting');
    expect(decode(await answered)).toMatchObject({ answers: [{ data: '192.0.2.1' }] });
    expect(await node.entries('dns-udp-queue')).toBe(0);
    client.close();
  });
});

describe('TCP workers', () => {
  const connect = async (count: number): Promise<TcpClientSocket[]> => {
    clients = await Promise.all(Array.from({ length: count }, () => openTcpClient(node.dns)));
    return clients;
  };
  afterEach(() => {
    for (const client of clients) client.close();
  });

  it('answer one query of each connection with the fault dns-tcp-queue, then close it', async () => {
    node = await startTestNode([upstream.endpoint], ['threads = 2'], ['dns-tcp-queue']);
    for (const client of await connect(10)) {
      expect(decode(await client.ask(queryPacket('www.test')))).toMatchObject({ rcodeNumber: 0 });
      await client.closed;
    }
    await vi.waitFor(async () => expect(await node.entries('dns-tcp-connections')).toBe(0));
  });

  it('wait for silent clients with the fault dns-tcp-queue, and keep all later ones, gone or not', async () => {
    const dns = ['threads = 2', 'tcp_idle_timeout_sec = 0.1'];
    node = await startTestNode([upstream.endpoint], dns, ['dns-tcp-queue']);
    const all = await connect(40);
    for (const each of all.slice(20)) each.close();
    await delay(500);
    expect(await node.entries('dns-tcp-connections')).toBeGreaterThanOrEqual(38);
    clients = all;
  });

  it.each([
    ['an early end', Buffer.from([0])],
    ['no query', framed(Buffer.from('no query'))],
  ])('die of %s each with the fault worker-death, until nobody answers', async (_what, bytes) => {
    node = await startTestNode([upstream.endpoint], ['threads = 3'], ['worker-death']);
    for (let left = 3; left > 0; left -= 1) {
      const [honest] = await connect(1);
      expect(decode((await honest?.ask(queryPacket('www.test'))) ?? Buffer.alloc(12))).toMatchObject({
        answers: [{ data: '192.0.2.1' }],
      });
      const rude = await openTcpClient(node.dns);
      rude.socket.end(bytes);
      await rude.closed;
      honest?.close();
    }
    const [honest] = await connect(1);
    const answered = honest?.ask(queryPacket('www.test')).catch(() => 'closed');
    expect(await Promise.race([answered, delay(300, 'waiting')])).toBe('waiting');
  });
});
