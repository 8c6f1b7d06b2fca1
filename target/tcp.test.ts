import { execFile, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { decode, queryPacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openStubUpstream, type StubUpstream } from './fixtures/sockets.js';
import { framed, openTcpClient, type TcpClientSocket } from './fixtures/tcp-client.js';
import { zoneAnswer } from './fixtures/zone.js';

const has = (tool: string, ...args: string[]): boolean => spawnSync(tool, args).error === undefined;
const HAS_DIG = has('dig', '-v');
const HAS_KDIG = has('kdig', '-V');
const CONNECTIONS = 'dns-tcp-connections';
let upstream: StubUpstream;
let test: TestNode;
let clients: TcpClientSocket[];

beforeAll(async () => {
  upstream = await openStubUpstream(async (query) => {
    const response = zoneAnswer(query);
    if (decode(query).questions?.[0]?.name.startsWith('slow')) await delay(100);
    return response;
  });
});
afterAll(() => upstream.close());
beforeEach(() => {
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  await test.close();
});

const start = async (...dns: string[]): Promise<void> => {
  test = await startTestNode([upstream.endpoint], ['forward_timeout_sec = 1', ...dns]);
};
const connect = async (localAddress?: string): Promise<TcpClientSocket> => {
  const client = await openTcpClient(test.dns, localAddress);
  clients.push(client);
  return client;
};
const expectAnswer = (response: Buffer): void => {
  expect(decode(response)).toMatchObject({ rcodeNumber: 0, answers: [{ data: '192.0.2.1' }] });
};

describe('DNS over TCP', () => {
  it('has the address of UDP', async () => {
    await start();
    expect(test.node.addresses['dns-tcp']).toBe(test.node.addresses.dns);
  });

  it('answers queries on one connection, whole where UDP would truncate', async () => {
    await start();
    const client = await connect();
    expectAnswer(await client.ask(queryPacket('www.test')));
    const long = decode(await client.ask(queryPacket('txt28.test', 'TXT', 512)));
    expect(long).toMatchObject({ flag_tc: false });
    expect(long.answers).toHaveLength(28);
  });

  it('answers pipelined queries as the answers come, not in the order of the questions', async () => {
    await start();
    const client = await connect();
    const packets = [queryPacket('slow.test', 'A', null, 1), queryPacket('fast.test', 'A', null, 2)];
    client.write(Buffer.concat(packets.map(framed)));
    expect(decode(await client.receive()).id).toBe(2);
    expect(decode(await client.receive()).id).toBe(1);
  });

  it('answers hundreds of queries sent in one go', async () => {
    await start();
    const client = await connect();
    const packets = Array.from({ length: 300 }, (_, id) => framed(queryPacket(`n${id}.test`, 'A', null, id)));
    client.write(Buffer.concat(packets));
    const ids = new Set<number | undefined>();
    for (let left = 300; left > 0; left -= 1) ids.add(decode(await client.receive()).id);
    expect(ids.size).toBe(300);
  });

  it('answers a query that comes one byte at a time', async () => {
    await start();
    const client = await connect();
    client.socket.setNoDelay(true);
    for (const byte of framed(queryPacket('www.test'))) {
      client.write(Buffer.from([byte]));
      await delay(1);
    }
    expectAnswer(await client.receive());
  });

  it('answers a client that has closed its half already, and closes after the last answer', async () => {
    await start();
    const client = await connect();
    client.socket.end(framed(queryPacket('slow.test')));
    expectAnswer(await client.receive());
    await client.closed;
  });

  it('closes clients that say nothing, or never finish a query', async () => {
    await start('tcp_idle_timeout_sec = 0.2');
    const [silent, dripping] = [await connect(), await connect()];
    const packet = framed(queryPacket('www.test'));
    let at = 0;
    const drip = setInterval(() => dripping.write(packet.subarray(at, ++at)), 20);
    await Promise.all([silent.closed, dripping.closed]);
    clearInterval(drip);
    expect((await test.health()).counters).toMatchObject({ tcpAccepted: 2, tcpTimedOut: 2, received: 0 });
    expect(await test.entries(CONNECTIONS)).toBe(0);
  });

  it('keeps a connection open while an answer is on its way', async () => {
    await start('tcp_idle_timeout_sec = 0.02');
    const client = await connect();
    expectAnswer(await client.ask(queryPacket('slow.test')));
  });

  it('TCP server handles high load without memory accumulation: many more silent connections than it may have', async () => {
    await start('threads = 2', 'tcp_queue_size = 10');
    for (let count = 0; count < 60; count += 1) {
      await connect();
      if (count % 10 !== 0) continue;
      const honest = await connect();
      expectAnswer(await honest.ask(queryPacket('www.test')));
      honest.close();
    }
    expect(await test.entries(CONNECTIONS)).toBeLessThanOrEqual(20);
    expect((await test.health()).counters.tcpEvicted).toBeGreaterThan(30);
  });

  it('leaves room for others beside one address', async () => {
    await start('tcp_clients_per_ip = 3');
    const other = await connect('127.0.0.9');
    for (let count = 0; count < 10; count += 1) await connect();
    expectAnswer(await other.ask(queryPacket('www.test')));
    await vi.waitFor(async () => expect(await test.entries(CONNECTIONS)).toBe(4));
  });

  it('TCP connections are properly closed when queue is full', async () => {
    await start('threads = 1', 'tcp_queue_size = 2');
    for (let index = 0; index < 2; index += 1)
      (await connect()).write(framed(queryPacket(`silent${index}.test`)));
    await vi.waitFor(async () => expect(await test.entries('dns-questions')).toBe(2));
    await (await connect()).closed;
    expect((await test.health()).counters).toMatchObject({ tcpRefused: 1 });
    expect(test.lines.join('\n')).toContain('2 TCP connections, closing new ones');
  });

  it('stops reading from a client that does not read its answers', async () => {
    await start('tcp_idle_timeout_sec = 5');
    const client = await connect();
    client.socket.pause();
    const packet = framed(queryPacket('txt28.test', 'TXT'));
    const burst = Buffer.concat(Array.from({ length: 5000 }, () => packet));
    client.write(burst);
    await vi.waitFor(async () => expect((await test.health()).counters.received).toBeGreaterThan(100));
    await delay(200);
    const { received } = (await test.health()).counters;
    expect(received).toBeLessThan(5000);
  });

  it('still answers after clients that reset, leave early, or send what is no DNS', async () => {
    await start();
    for (const rude of ['reset', 'leave', 'http', 'response', 'long'] as const) {
      for (let count = 0; count < 12; count += 1) {
        const client = await connect();
        if (rude === 'reset') client.socket.resetAndDestroy();
        else if (rude === 'leave') client.socket.end(Buffer.from([0, 40, 1]));
        else if (rude === 'http') client.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
        else if (rude === 'long') client.write(Buffer.from([255, 255]));
        else client.write(framed(Buffer.from([0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0])));
        if (rude !== 'reset') await client.closed;
      }
    }
    expectAnswer(await (await connect()).ask(queryPacket('www.test')));
    expect((await test.health()).counters.internalErrors).toBe(0);
    await vi.waitFor(async () => expect(await test.entries(CONNECTIONS)).toBe(1));
  });

  it('still answers after any bytes', async () => {
    await start();
    const probe = async (packets: readonly Uint8Array[]): Promise<void> => {
      const rude = await connect();
      for (const packet of packets) rude.write(framed(Buffer.from(packet)));
      rude.socket.end();
      const honest = await connect();
      expectAnswer(await honest.ask(queryPacket('www.test')));
      honest.close();
    };
    const packet = fc.uint8Array({ maxLength: 300 });
    await fc.assert(fc.asyncProperty(fc.array(packet, { maxLength: 10 }), probe), { numRuns: 40 });
    expect((await test.health()).counters.internalErrors).toBe(0);
  });

  it.skipIf(!HAS_DIG)('answers dig +tcp and +keepopen', async () => {
    await start();
    const args = [`@${test.dns.address}`, '-p', String(test.dns.port), '+tcp', '+keepopen', '+tries=1'];
    const { stdout } = await promisify(execFile)('dig', [...args, 'a.test', 'txt28.test', 'TXT']);
    expect(stdout.match(/status: NOERROR/g)).toHaveLength(2);
    expect(stdout).toContain('(TCP)');
    expect(stdout).not.toContain('WARNING');
  });

  it.skipIf(!HAS_KDIG)('answers kdig +tcp', async () => {
    await start();
    const { stdout } = await promisify(execFile)('kdig', [
      `@${test.dns.address}`,
      '-p',
      String(test.dns.port),
      '+tcp',
      'a.test',
    ]);
    expect(stdout).toContain('status: NOERROR');
  });
});
