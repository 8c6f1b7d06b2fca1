import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monotonicClock } from './clock.js';
import { startNode } from './compose.js';
import { parseConfig } from './config.js';
import { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.js';
import { FAULTS, type FaultId } from './faults.js';
import { decode, queryPacket } from './fixtures/messages.js';
import { openClient, openStubUpstream, type StubUpstream, type UdpClientSocket } from './fixtures/sockets.js';
import { zoneAnswer } from './fixtures/zone.js';
import type { Health } from './ops/health-report.js';
import type { RunningNode } from './running-node.js';

const HAS_DIG = spawnSync('dig', ['-v']).error === undefined;
const folder = mkdtempSync(join(tmpdir(), 'leak-soak-compose-'));
const debugFile = join(folder, 'debug.log');
const CACHE_MB = 0.125;
/** Those with which everything is still answered; the others have tests of their own. */
const ENDING: readonly FaultId[] = ['dns-udp-queue', 'name-decompression'];
const EVERY_FAULT = FAULTS.map((fault) => fault.id).filter((id) => !ENDING.includes(id));
/** For floods: the upstream shares this process, and may be slow. */
const PATIENT = 'forward_timeout_sec = 5';
const lines: string[] = [];
const log = {
  info: (line: string) => void lines.push(line),
  warn: (_topic: string, line: string) => void lines.push(line),
};

async function start(
  upstream: StubUpstream,
  faults: readonly FaultId[] = [],
  more = 'forward_timeout_sec = 0.3',
): Promise<RunningNode> {
  const dns = `forwarders = ["${formatEndpoint(upstream.endpoint)}"]\ncache_max_memory_mb = ${CACHE_MB}`;
  const { config } = parseConfig(`[dns]\n${dns}\n${more}\n[debug]\nfile = "${debugFile}"`, 'test');
  return startNode(config, new Set(faults), { clock: monotonicClock, log });
}

const dnsOf = (node: RunningNode): Endpoint =>
  parseEndpoint(node.addresses.dns, 0) ?? { address: '', port: 0 };

async function healthOf(node: RunningNode): Promise<Health> {
  return (await (await fetch(`http://${node.addresses.ops}/health`)).json()) as Health;
}

async function cacheOf(node: RunningNode): Promise<Health['structures'][number] | undefined> {
  return (await healthOf(node)).structures.find((structure) => structure.name === 'dns-cache');
}

/** Asks for `count` names, a few at a time, and checks every answer. */
async function flood(client: UdpClientSocket, prefix: string, count: number): Promise<void> {
  for (let start = 0; start < count; start += 50) {
    for (let index = start; index < start + 50; index += 1)
      client.send(queryPacket(`${prefix}${index}.test`));
    for (let left = 50; left > 0; left -= 1) {
      expect(decode(await client.receive()).answers).toMatchObject([{ data: '192.0.2.1' }]);
    }
  }
}

let upstream: StubUpstream;
beforeAll(async () => {
  upstream = await openStubUpstream(zoneAnswer);
});
afterAll(() => {
  upstream.close();
  rmSync(folder, { recursive: true });
});

describe.each([
  ['without faults', []],
  ['with every fault', EVERY_FAULT],
] as const)('node %s', (_what, faults) => {
  let node: RunningNode;
  let client: UdpClientSocket;
  beforeAll(async () => {
    node = await start(upstream, faults);
    client = await openClient(dnsOf(node));
  });
  afterAll(async () => {
    client.close();
    await node.close();
  });

  it('answers from upstream, then from the cache', async () => {
    const before = upstream.received.length;
    expect(decode(await client.ask(queryPacket('www.test')))).toMatchObject({
      answers: [{ ttl: 300, data: '192.0.2.1' }],
    });
    expect(decode(await client.ask(queryPacket('WWW.test')))).toMatchObject({
      questions: [{ name: 'WWW.test' }],
    });
    expect(upstream.received.length - before).toBe(1);
  });

  it('answers NXDOMAIN with the SOA, and remembers it', async () => {
    const before = upstream.received.length;
    for (let count = 0; count < 2; count += 1) {
      const response = decode(await client.ask(queryPacket('nx.test')));
      expect(response).toMatchObject({ rcodeNumber: 3, authorities: [{ type: 'SOA', ttl: 60 }] });
    }
    expect(upstream.received.length - before).toBe(1);
  });

  it('answers SERVFAIL when the upstream is silent', async () => {
    expect(decode(await client.ask(queryPacket('silent.test')))).toMatchObject({
      rcodeNumber: 2,
      answers: [],
    });
  });

  it('truncates to what the client takes', async () => {
    expect(decode(await client.ask(queryPacket('txt10.test', 'TXT')))).toMatchObject({ flag_tc: true });
    const whole = decode(await client.ask(queryPacket('txt10.test', 'TXT', 4096)));
    expect(whole.flag_tc).toBe(false);
    expect(whole.answers).toHaveLength(10);
  });

  it('gets and passes on as much as a client takes at most', async () => {
    const response = await client.ask(queryPacket('txt28.test', 'TXT', 4096));
    expect(response.length).toBeGreaterThan(3000);
    expect(decode(response)).toMatchObject({ flag_tc: false });
  });

  it('lists every long-lived collection with its size', async () => {
    const { structures } = await healthOf(node);
    // Seed 000's cache has one map for both kinds of answers.
    const caches = faults.length > 0 ? ['dns-cache'] : ['dns-cache', 'dns-negative-cache'];
    expect(structures.map((structure) => structure.name)).toEqual([
      ...caches,
      'dns-in-flight',
      'dns-repetitions',
      'dns-upstream-queue',
      'dns-upstream-connections',
      'dns-questions',
      'dns-waiting-clients',
      'dns-query-queue',
      'dns-failures',
      'dns-answer-queue',
      'dns-tcp-connections',
    ]);
  });

  it('says the same on /metrics', async () => {
    const response = await fetch(`http://${node.addresses.ops}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toMatch(/^leak_soak_node_structure_entries\{structure="dns-cache"\} \d+$/m);
  });

  it('keeps the questions in flight within their bound', async () => {
    const narrow = await start(
      upstream,
      faults,
      'forward_timeout_sec = 5\nmax_in_flight = 5\nudp_queue_size = 0',
    );
    const asker = await openClient(dnsOf(narrow));
    for (let index = 0; index < 8; index += 1) asker.send(queryPacket(`silent-${index}.test`));
    const shedFirst = await Promise.all([asker.receive(), asker.receive(), asker.receive()]);
    expect(shedFirst.map((response) => decode(response).rcodeNumber)).toEqual([2, 2, 2]);
    const { structures, counters } = await healthOf(narrow);
    expect(counters).toMatchObject({ shed: 3, upstreamTimeouts: 0 });
    expect(structures.find(({ name }) => name === 'dns-questions')).toMatchObject({ entries: 5, fill: 1 });
    asker.close();
    await narrow.close();
  });

  const header = (questions: number): Buffer => {
    const packet = Buffer.from([0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    packet.writeUInt16BE(questions, 4);
    return packet;
  };
  it.each([
    ['a truncated header', Buffer.from([0, 1, 1, 0, 0])],
    ['a pointer loop', Buffer.concat([header(1), Buffer.from([1, 97, 0xc0, 12, 0, 1, 0, 1])])],
    [
      'a 64-byte label',
      Buffer.concat([header(1), Buffer.from([64]), Buffer.alloc(64, 'x'), Buffer.from([0, 0, 1, 0, 1])]),
    ],
    ['0 questions', header(0)],
    [
      '300 questions',
      Buffer.concat([header(300), ...Array.from({ length: 300 }, () => Buffer.from([0, 0, 1, 0, 1]))]),
    ],
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('still answers after ten packets with %s', async (_kind, packet) => {
    const rude = await openClient(dnsOf(node));
    for (let count = 0; count < 10; count += 1) rude.send(packet);
    expect(decode(await client.ask(queryPacket('www.test')))).toMatchObject({ rcodeNumber: 0 });
    rude.close();
    expect((await healthOf(node)).counters.internalErrors).toBe(0);
  });

  it('still answers after any packets', async () => {
    const rude = await openClient(dnsOf(node));
    const probe = async (packets: readonly Uint8Array[]): Promise<void> => {
      for (const packet of packets) rude.send(Buffer.from(packet));
      expect(decode(await client.ask(queryPacket('www.test')))).toMatchObject({ rcodeNumber: 0 });
    };
    const packet = fc.uint8Array({ minLength: 1, maxLength: 300 });
    await fc.assert(fc.asyncProperty(fc.array(packet, { maxLength: 20 }), probe), { numRuns: 50 });
    rude.close();
    expect((await healthOf(node)).counters.internalErrors).toBe(0);
  });

  it.skipIf(!HAS_DIG)('answers dig', async () => {
    const { address, port } = dnsOf(node);
    const args = [`@${address}`, '-p', String(port), 'Example.test', '+tries=1', '+time=2'];
    const { stdout } = await promisify(execFile)('dig', args);
    expect(stdout).toContain('status: NOERROR');
    expect(stdout).toMatch(/^;Example\.test\.\s+IN\s+A$/m);
    expect(stdout).toMatch(/^example\.test\.\s+300\s+IN\s+A\s+192\.0\.2\.1$/m);
    expect(stdout).not.toContain('WARNING');
  });
});

describe('memory', () => {
  it('keeps the cache within its limit under a flood of new names', async () => {
    const node = await start(upstream, [], PATIENT);
    const client = await openClient(dnsOf(node));
    await flood(client, 'n', 1000);
    const cache = await cacheOf(node);
    expect(cache).toMatchObject({ limit: CACHE_MB * 2 ** 20 });
    expect(cache?.fill).toBeGreaterThan(0.99);
    expect(cache?.fill).toBeLessThanOrEqual(1);
    client.close();
    await node.close();
  });

  it('keeps every name with the fault dns-cache-names', async () => {
    const node = await start(upstream, ['dns-cache-names'], PATIENT);
    const client = await openClient(dnsOf(node));
    await flood(client, 'n', 1000);
    expect(await cacheOf(node)).toEqual({
      name: 'dns-cache',
      entries: 1000,
      bytes: null,
      limit: null,
      fill: null,
    });
    client.close();
    await node.close();
  });

  it.each<[readonly FaultId[], number]>([
    [[], 0],
    [['dns-in-flight'], 20],
  ])('with faults %j leaves %i of 20 unanswered queries behind', async (faults, expected) => {
    const node = await start(upstream, faults);
    const client = await openClient(dnsOf(node));
    for (let count = 0; count < 20; count += 1) client.send(queryPacket(`silent${count}.test`));
    for (let count = 0; count < 20; count += 1)
      expect(decode(await client.receive())).toMatchObject({ rcodeNumber: 2 });
    const { structures } = await healthOf(node);
    expect(structures.find((structure) => structure.name === 'dns-in-flight')?.entries).toBe(expected);
    client.close();
    await node.close();
  });
});

describe('debug log', () => {
  it.each<[readonly FaultId[], boolean]>([
    [[], false],
    [['debug-log'], true],
  ])('with faults %j is written: %s', async (faults, written) => {
    rmSync(debugFile, { force: true });
    const node = await start(upstream, faults, PATIENT);
    const client = await openClient(dnsOf(node));
    await flood(client, 'd', 100);
    expect(statSync(debugFile, { throwIfNoEntry: false }) !== undefined).toBe(written);
    if (written) expect(statSync(debugFile).size).toBeGreaterThan(5000);
    client.close();
    await node.close();
  });
});

describe('starting', () => {
  it('names key and address when the port is taken, and leaves nothing open', async () => {
    const first = await start(upstream);
    const attempt = start(upstream, [], `listen = "${first.addresses.dns}"`);
    await expect(attempt).rejects.toThrow(
      `[dns] listen = "${first.addresses.dns}": cannot listen there (EADDRINUSE)`,
    );
    await first.close();
    await first.close();
  });

  it('warns when other machines can reach it', async () => {
    const node = await start(upstream, [], 'listen = "0.0.0.0:0"');
    expect(lines.join('\n')).toMatch(/\[dns\] listen = "0\.0\.0\.0:\d+" can be reached from other machines/);
    await node.close();
  });
});
