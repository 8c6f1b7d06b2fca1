/** The DNS items of seed 000's testing checklist that hold without a process of their own; the others are in scripts/seeds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from './config.js';
import type { Answer } from './dns/answer.js';
import { DnsCache, entryBytes } from './dns/bounded-cache.js';
import { addressAnswer, decode, query, queryPacket, textAnswer } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream, type UdpClientSocket } from './fixtures/sockets.js';
import { openTcpClient } from './fixtures/tcp-client.js';
import { zoneAnswer } from './fixtures/zone.js';

const closing: (() => unknown)[] = [];
let upstream: StubUpstream;
beforeEach(async () => {
  upstream = await openStubUpstream(zoneAnswer);
  closing.push(upstream.close);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(...dns: string[]): Promise<{ node: TestNode; client: UdpClientSocket }> {
  const node = await startTestNode([upstream.endpoint], ['forward_timeout_sec = 2', ...dns]);
  const client = await openClient(node.dns);
  closing.push(() => node.close(), client.close);
  return { node, client };
}

/** Asks for `count` new names, a few at a time, each answered. */
async function flood(client: UdpClientSocket, count: number, prefix = 'n'): Promise<void> {
  for (let first = 0; first < count; first += 50) {
    for (let index = first; index < first + 50; index += 1)
      client.send(queryPacket(`${prefix}${index}.test`));
    for (let left = 50; left > 0; left -= 1) expect(decode(await client.receive()).rcodeNumber).toBe(0);
  }
}
const cacheOf = async (node: TestNode) =>
  (await node.health()).structures.find(({ name }) => name === 'dns-cache');

describe('seed 000, DNS cache', () => {
  it.each([0.05, 0.2])('Cache memory usage does not exceed configured limits: %f MB', async (limitMb) => {
    const { node, client } = await start(`cache_max_memory_mb = ${limitMb}`);
    await flood(client, 1500);
    const cache = await cacheOf(node);
    expect(cache?.bytes).toBeLessThanOrEqual(limitMb * 2 ** 20);
    expect(cache?.bytes).toBeGreaterThan(0.98 * limitMb * 2 ** 20);
  });

  it('No domain count limit - cache can grow to any size within memory limits', () => {
    const cache = new DnsCache({ maxBytes: 100 << 20, cleanupIntervalMs: 300_000 }, () => 0);
    closing.push(() => cache.close());
    // Ten times as many as the count limit that the seed's first fix had.
    for (let index = 0; index < 100_000; index += 1) {
      cache.store(query(`n${index}.test`).key, addressAnswer('n.test'));
    }
    expect(cache.size().entries).toBe(100_000);
  });

  it('Oldest entries are removed when memory limit exceeded (memory-based only), and those in use stay', () => {
    const one = entryBytes(query('n1000.test').key, addressAnswer('n1000.test'));
    const cache = new DnsCache({ maxBytes: 100 * one, cleanupIntervalMs: 300_000 }, () => 0);
    closing.push(() => cache.close());
    const keyOf = (index: number): string => query(`n${1000 + index}.test`).key;
    for (let index = 0; index < 500; index += 1) {
      cache.store(keyOf(index), addressAnswer('n1000.test'));
      cache.lookup(keyOf(0));
    }
    const kept = Array.from({ length: 500 }, (_, index) => index).filter((index) =>
      cache.lookup(keyOf(index)),
    );
    expect(kept).toEqual([0, ...Array.from({ length: 99 }, (_, index) => 401 + index)]);
    // By memory, not by number: one fat answer takes the room of many.
    cache.store(keyOf(600), textAnswer('n1600.test', 10));
    expect(cache.size().entries).toBeLessThan(92);
    expect(cache.size().bytes).toBeLessThanOrEqual(100 * one);
  });

  it('Memory-based cache limits work correctly: accounted bytes follow what is stored, and return to 0', () => {
    let now = 0;
    const cache = new DnsCache({ maxBytes: 1 << 20, cleanupIntervalMs: 300_000 }, () => now);
    closing.push(() => cache.close());
    let expected = 0;
    for (let index = 0; index < 200; index += 1) {
      const [key, answer] = [query(`n${index}.test`).key, textAnswer(`n${index}.test`, index % 5)];
      cache.store(key, answer);
      if (answer.ttlSec > 0) expected += entryBytes(key, answer);
    }
    expect(cache.size().bytes).toBe(expected);
    now += 301_000;
    for (let index = 0; index < 200; index += 1) cache.lookup(query(`n${index}.test`).key);
    expect(cache.size()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('DNS resolution performance unchanged: at the limit a lookup and a store touch as few entries as before', () => {
    const cache = new DnsCache({ maxBytes: 500_000, cleanupIntervalMs: 300_000 }, () => 0);
    closing.push(() => cache.close());
    let touched = 0;
    // Whoever looks at an entry asks for its TTL or its records.
    const watched = (answer: Answer): Answer => {
      const { ttlSec, records, ...rest } = answer;
      const note = <T>(value: T): T => {
        touched += 1;
        return value;
      };
      return {
        ...rest,
        get ttlSec() {
          return note(ttlSec);
        },
        get records() {
          return note(records);
        },
      };
    };
    const answer = watched(addressAnswer('n.test'));
    const touchedBy = (index: number): number => {
      touched = 0;
      cache.store(query(`n${100_000 + index}.test`).key, answer);
      cache.lookup(query(`n${100_000 + index}.test`).key);
      return touched;
    };
    const whenEmpty = touchedBy(0);
    for (let index = 1; index < 5000; index += 1) touchedBy(index);
    expect(cache.size().fill).toBeGreaterThan(0.99);
    // One entry more: that which gives way.
    for (let index = 5000; index < 5100; index += 1)
      expect(touchedBy(index)).toBeLessThanOrEqual(whenEmpty + 3);
  });

  it('Expired entries are properly cleaned up, without any query arriving', async () => {
    const { node, client } = await start('cache_max_ttl_sec = 1', 'cache_cleanup_interval_sec = 0.2');
    await flood(client, 500);
    expect((await cacheOf(node))?.entries).toBe(500);
    const received = (await node.health()).counters.received;
    await vi.waitFor(async () => expect(await cacheOf(node)).toMatchObject({ entries: 0, bytes: 0 }), {
      timeout: 5000,
    });
    expect((await node.health()).counters.received).toBe(received);
  });

  it('Independent cleanup thread runs periodically, and says what it did', async () => {
    const { node, client } = await start('cache_max_ttl_sec = 1', 'cache_cleanup_interval_sec = 0.2');
    for (const prefix of ['a', 'b']) {
      await flood(client, 50, prefix);
      await vi.waitFor(async () => expect((await cacheOf(node))?.entries).toBe(0), { timeout: 5000 });
    }
    expect(
      node.lines.filter((line) => /^dns-cache cleanup: \d+ expired entries/.test(line)).length,
    ).toBeGreaterThan(1);
  });
});

describe('seed 000, configuration', () => {
  it('Cache configuration parameters work in alfis.toml', () => {
    const folder = mkdtempSync(join(tmpdir(), 'leak-soak-seed-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'alfis.toml');
    writeFileSync(file, '[dns]\ncache_max_memory_mb = 17\ncache_cleanup_interval_sec = 42\n');
    expect(loadConfig(file).config.dns).toMatchObject({
      cache_max_memory_mb: 17,
      cache_cleanup_interval_sec: 42,
    });
    expect(loadConfig(null).config.dns).toMatchObject({
      cache_max_memory_mb: 100,
      cache_cleanup_interval_sec: 300,
    });
  });

  it('Backward compatibility maintained: a file without the new keys boots, and is answered from as before', async () => {
    const { client } = await start();
    expect(decode(await client.ask(queryPacket('www.test')))).toMatchObject({
      rcodeNumber: 0,
      answers: [{ name: 'www.test', ttl: 300, data: '192.0.2.1' }],
    });
  });
});

describe('seed 000, servers', () => {
  it('TCP connections are properly closed when queue is full', async () => {
    const { node } = await start('threads = 1', 'tcp_queue_size = 5', 'tcp_idle_timeout_sec = 60');
    const clients = await Promise.all(Array.from({ length: 40 }, () => openTcpClient(node.dns)));
    // The client of each sees the end of its connection; none is left half open.
    await vi.waitFor(() => expect(clients.filter(({ socket }) => socket.destroyed)).toHaveLength(35));
    expect(await node.entries('dns-tcp-connections')).toBe(5);
    const { tcpRefused, tcpEvicted } = (await node.health()).counters;
    expect(tcpRefused + tcpEvicted).toBe(35);
    for (const client of clients) client.close();
  });

  it('UDP packets are properly dropped when queue is full: counted, answered SERVFAIL, and the queue within its bound', async () => {
    const { node, client } = await start('max_in_flight = 5', 'udp_queue_size = 10');
    for (let index = 0; index < 100; index += 1) client.send(queryPacket(`silent-${index}.test`));
    await vi.waitFor(async () => expect((await node.health()).counters.received).toBe(100));
    const { structures, counters } = await node.health();
    expect(structures.find(({ name }) => name === 'dns-query-queue')).toMatchObject({
      entries: 10,
      limit: 10,
    });
    expect(counters.shed).toBe(85);
    for (let index = 0; index < 85; index += 1) expect(decode(await client.receive()).rcodeNumber).toBe(2);
  });
});
