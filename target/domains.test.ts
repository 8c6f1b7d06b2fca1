import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FaultId } from './faults.js';
import { decode, queryPacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream, type UdpClientSocket } from './fixtures/sockets.js';
import { zoneAnswer } from './fixtures/zone.js';

/** The name `own.ygg` in wire form. */
const OWN = '036f776e0379676700';
let folder: string;
let file: string;
let upstream: StubUpstream;
let nameServer: StubUpstream;
let node: TestNode;
let client: UdpClientSocket;

beforeAll(async () => {
  upstream = await openStubUpstream(zoneAnswer);
  nameServer = await openStubUpstream((packet) =>
    (decode(packet).questions?.[0]?.name ?? '').startsWith('silent') ? null : zoneAnswer(packet),
  );
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-domains-'));
  file = join(folder, 'zone.toml');
  writeFileSync(
    file,
    `zones = ["ygg"]
[[domain]]
name = "own.ygg"
ttl_sec = 60
records = [
  { type = "A", data = "192.0.2.7" },
  { type = "AAAA", data = "2001:db8::7" },
  { type = "MX", data = "10 mail.own.ygg" },
  { type = "TXT", data = "hello" },
  { name = "www", type = "CNAME", data = "own.ygg" },
  { name = "away", type = "CNAME", data = "host.test" },
  { name = "_dns._udp", type = "SRV", data = "0 5 53 own.ygg" },
  { type = "TLSA", data = "3 1 1 0a0b0c" },
  { type = "HTTPS", data = "1 . port=443 alpn=h2,h3 ipv4hint=192.0.2.7" },
  { type = "SOA", data = "ns.own.ygg root.own.ygg 1 2 3 4 5" },
  { type = "TYPE65280", data = '\\# 3 010203' },
  { name = "bad", type = "A", data = "no address" },
]
[[domain]]
name = "d{n}.ygg"
count = 5000
records = [{ type = "A", data = "192.0.2.8" }]
[[domain]]
name = "delegated.ygg"
name_servers = ["127.0.0.1:${nameServer.endpoint.port}"]
`,
  );
});
afterAll(() => {
  upstream.close();
  nameServer.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  client.close();
  await node.close();
});

async function start(faults: readonly FaultId[] = [], ...dns: string[]): Promise<void> {
  node = await startTestNode([upstream.endpoint], [`zone_file = "${file}"`, ...dns], faults);
  client = await openClient(node.dns);
}
type Type = Parameters<typeof queryPacket>[1];
const ask = async (name: string, type: Type = 'A') => decode(await client.ask(queryPacket(name, type, 4096)));
const dataOf = async (name: string, type?: Type) =>
  (await ask(name, type)).answers?.map((each) => [each.type, 'data' in each ? each.data : null]);

describe.each<[readonly FaultId[]]>([[[]], [['domain-info-cache', 'per-query-clients']]])(
  'domains of a zone file, with faults %j',
  (faults) => {
    it('are answered from it', async () => {
      await start(faults);
      expect(await dataOf('Own.YGG')).toEqual([['A', '192.0.2.7']]);
      expect(await dataOf('own.ygg', 'AAAA')).toEqual([['AAAA', '2001:db8::7']]);
      expect(await dataOf('own.ygg', 'MX')).toEqual([['MX', { preference: 10, exchange: 'mail.own.ygg' }]]);
      expect(await dataOf('own.ygg', 'TXT')).toEqual([['TXT', [Buffer.from('hello')]]]);
      expect(await dataOf('_dns._udp.own.ygg', 'SRV')).toMatchObject([
        ['SRV', { port: 53, target: 'own.ygg' }],
      ]);
      expect(await dataOf('d4999.ygg')).toEqual([['A', '192.0.2.8']]);
    });

    it.each([
      ['SOA', 6, `026e73${OWN}04726f6f74${OWN}${'0000000100000002000000030000000400000005'}`],
      ['TLSA', 52, '0301010a0b0c'],
      ['HTTPS', 65, '00010000010006026832026833' + '0003000201bb' + '00040004c0000207'],
      ['an unknown type (RFC 3597)', 65_280, '010203'],
    ])('have records of %s', async (_what, type, hex) => {
      await start(faults);
      const packet = queryPacket('own.ygg');
      packet.writeUInt16BE(type, packet.length - 4);
      const response = await client.ask(packet);
      expect(response.readUInt16BE(6)).toBe(1);
      expect(response.toString('hex', response.length - hex.length / 2)).toBe(hex);
    });

    it('are followed through aliases, out of the zone too', async () => {
      await start(faults);
      expect(await dataOf('www.own.ygg')).toEqual([
        ['CNAME', 'own.ygg'],
        ['A', '192.0.2.7'],
      ]);
      expect(await dataOf('away.own.ygg')).toEqual([
        ['CNAME', 'host.test'],
        ['A', '192.0.2.1'],
      ]);
    });

    it.each([
      ['nothing.ygg', 3],
      ['ygg', 3],
      ['d5000.ygg', 3],
      ['no.own.ygg', 3],
      ['bad.own.ygg', 0],
    ])('say of %s, without asking anybody: %i', async (name, rcode) => {
      await start(faults);
      const asked = upstream.received.length;
      expect(await ask(name)).toMatchObject({ rcodeNumber: rcode, answers: [] });
      expect(upstream.received).toHaveLength(asked);
    });

    it('are asked of their name servers, once', async () => {
      await start(faults);
      const asked = nameServer.received.length;
      expect(await dataOf('www.delegated.ygg')).toEqual([['A', '192.0.2.1']]);
      expect(await dataOf('www.delegated.ygg')).toEqual([['A', '192.0.2.1']]);
      expect(nameServer.received.length - asked).toBe(1);
    });

    it('leave every other name to the forwarders', async () => {
      await start(faults);
      expect(await dataOf('www.test')).toEqual([['A', '192.0.2.1']]);
    });
  },
);

describe('hosts files', () => {
  it('are answered from, and say nothing of other types and names', async () => {
    const hosts = join(folder, 'hosts');
    writeFileSync(hosts, '# comment\n192.0.2.9 Box.lan box # mine\n2001:db8::9 box.lan\nnonsense line\n');
    await start([], `hosts = ["${hosts}"]`);
    expect(await dataOf('box.LAN')).toEqual([['A', '192.0.2.9']]);
    expect(await dataOf('box.lan', 'AAAA')).toEqual([['AAAA', '2001:db8::9']]);
    expect(await ask('box.lan', 'TXT')).toMatchObject({ rcodeNumber: 0, answers: [] });
    expect(await dataOf('www.test')).toEqual([['A', '192.0.2.1']]);
  });

  it('that cannot be read are named', async () => {
    await expect(startTestNode([], ['hosts = ["/no/such"]'])).rejects.toThrow(
      '[dns] hosts = "/no/such": cannot be read (ENOENT)',
    );
    await start();
  });
});

it('answers ANY for other names with one short record, and asks nobody (RFC 8482)', async () => {
  await start();
  const asked = upstream.received.length;
  const packet = queryPacket('www.test');
  packet.writeUInt16BE(255, packet.length - 4);
  expect(decode(await client.ask(packet)).answers).toMatchObject([
    { type: 'HINFO', data: { cpu: 'RFC8482', os: '' } },
  ]);
  expect(upstream.received).toHaveLength(asked);
});

it('answers ANY with one record set (RFC 8482)', async () => {
  await start();
  const packet = queryPacket('own.ygg');
  packet.writeUInt16BE(255, packet.length - 4);
  expect(decode(await client.ask(packet)).answers).toMatchObject([{ type: 'A', data: '192.0.2.7' }]);
});

it.each<[readonly FaultId[], boolean]>([
  [[], true],
  [['domain-info-cache'], false],
])('keeps the data of domains, with faults %j, within a bound: %s', async (faults, isBounded) => {
  await start(faults, 'domain_info_cache_max_memory_mb = 0.02');
  for (let index = 0; index < 1000; index += 1) expect((await ask(`d${index}.ygg`)).rcodeNumber).toBe(0);
  const cache = (await node.health()).structures.find(({ name }) => name === 'domain-info-cache');
  if (isBounded) expect(cache?.fill).toBeGreaterThan(0.9);
  expect(cache?.fill ?? 2).toBe(isBounded ? Math.min(1, cache?.fill ?? 2) : 2);
  if (!isBounded) expect(cache?.entries).toBe(1000);
});

it.each<[readonly FaultId[], number]>([
  [[], 16],
  [['per-query-clients'], 60],
])(
  'opens, with faults %j, at most %i sockets for 30 questions to a silent name server',
  async (faults, sockets) => {
    await start(faults, 'forward_timeout_sec = 2');
    const count = (): number => process.getActiveResourcesInfo().filter((each) => each === 'UDPWrap').length;
    // The sockets of the test before are gone at the end of this turn of the event loop.
    for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
    const before = count();
    for (let index = 0; index < 30; index += 1) client.send(queryPacket(`silent${index}.delegated.ygg`));
    await vi.waitFor(async () => expect(await node.entries('delegated-questions')).toBe(30));
    expect(count() - before).toBeLessThanOrEqual(sockets);
    expect(count() - before).toBeGreaterThan(sockets / 2);
    await node.close();
    await vi.waitFor(() => expect(count()).toBeLessThan(before));
  },
);
