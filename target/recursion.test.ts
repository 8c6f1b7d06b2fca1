import { afterEach, describe, expect, it } from 'vitest';
import { decode, queryPacket, responsePacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, type UdpClientSocket } from './fixtures/sockets.js';
import {
  a,
  authoritative,
  cname,
  ns,
  openWorld,
  type World,
  type WorldServer,
  withFlag,
} from './fixtures/world.js';

const [ROOT, TEST, ONE, TWO] = ['127.0.53.1', '127.0.53.2', '127.0.53.3', '127.0.53.4'] as const;
const NAMES = Array.from({ length: 200 }, (_, index) => `ns${index}.one.test`);

const ONE_ZONE: WorldServer['zones'] = {
  'one.test': [
    a('www.one.test', '192.0.2.1'),
    cname('in.one.test', 'www.one.test'),
    cname('out.one.test', 'www.two.test'),
    cname('lost.one.test', 'no.two.test'),
    cname('circle.one.test', 'circle.two.test'),
    { name: 'text.one.test', type: 'TXT', ttl: 300, data: Array.from({ length: 12 }, () => 'x'.repeat(200)) },
    ns('deep.one.test', 'ns.deep.one.test'),
    a('ns.deep.one.test', ONE),
  ],
};
/** The root delegates `test`, which delegates everything else; `two.test` to a server with a name in `one.test`. */
const SERVERS: readonly WorldServer[] = [
  { address: ROOT, zones: { '': [ns('test', 'ns.test'), a('ns.test', TEST)] } },
  {
    address: TEST,
    zones: {
      test: [
        ns('one.test', 'ns.one.test'),
        a('ns.one.test', ONE),
        ns('two.test', 'ns0.one.test'),
        ns('ping.test', 'ns.pong.test'),
        ns('pong.test', 'ns.ping.test'),
        ns('lame.test', 'lame.test'),
        a('lame.test', TWO),
        ns('mixed.test', 'a.mixed.test'),
        a('a.mixed.test', '127.0.53.99'),
        ns('mixed.test', 'b.mixed.test'),
        a('b.mixed.test', ONE),
        ...NAMES.map((name) => ns('wide.test', `x-${name}`)),
      ],
    },
  },
  {
    address: ONE,
    zones: {
      ...ONE_ZONE,
      'one.test': [...(ONE_ZONE['one.test'] ?? []), a('ns0.one.test', TWO)],
      'mixed.test': [a('www.mixed.test', '192.0.2.3')],
    },
  },
  {
    address: TWO,
    zones: { 'two.test': [a('www.two.test', '192.0.2.2'), cname('circle.two.test', 'circle.one.test')] },
  },
];

let world: World;
let node: TestNode;
let client: UdpClientSocket;
afterEach(async () => {
  client.close();
  await node.close();
  world.close();
});

async function start(servers = SERVERS, ...dns: string[]): Promise<void> {
  world = await openWorld(servers);
  const roots = [`roots = ["${ROOT}:${world.port}"]`, `name_server_port = ${world.port}`];
  node = await startTestNode([], [...roots, 'forward_timeout_sec = 1', ...dns]);
  client = await openClient(node.dns);
}
/** The world with one server changed. */
const changed = (address: string, change: Partial<WorldServer>): readonly WorldServer[] =>
  SERVERS.map((server) => (server.address === address ? { ...server, ...change } : server));
const ask = async (name: string, type: Parameters<typeof queryPacket>[1] = 'A') =>
  decode(await client.ask(queryPacket(name, type, 4096)));
const dataOf = async (name: string, type?: Parameters<typeof queryPacket>[1]) =>
  (await ask(name, type)).answers?.map((each) => ('data' in each ? each.data : null));
const askedInAll = (): number =>
  [ROOT, TEST, ONE, TWO].reduce((sum, address) => sum + world.asked(address).length, 0);

describe('recursion from the root', () => {
  it('goes from zone to zone by their glue, and does not begin at the root again', async () => {
    await start();
    expect(await dataOf('www.one.test')).toEqual(['192.0.2.1']);
    expect(await ask('no.one.test')).toMatchObject({
      rcodeNumber: 3,
      authorities: [{ type: 'SOA', ttl: 60 }],
    });
    expect(await ask('www.one.test', 'AAAA')).toMatchObject({ rcodeNumber: 0, answers: [] });
    expect([ROOT, TEST, ONE].map((address) => world.asked(address).length)).toEqual([1, 1, 3]);
    expect(await node.entries('dns-zone-cuts')).toBe(2);
  });

  it('finds the address of a name server that is delegated to by name only', async () => {
    await start();
    expect(await dataOf('www.two.test')).toEqual(['192.0.2.2']);
  });

  it('follows aliases within a zone and into others, and around a circle once', async () => {
    await start();
    expect(await dataOf('in.one.test')).toEqual(['www.one.test', '192.0.2.1']);
    expect(await dataOf('out.one.test')).toEqual(['www.two.test', '192.0.2.2']);
    expect(await ask('lost.one.test')).toMatchObject({ rcodeNumber: 3, answers: [{ type: 'CNAME' }] });
    expect(await dataOf('circle.one.test')).toEqual(['circle.two.test', 'circle.one.test']);
  });

  it('believes a server nothing about names outside of its zone', async () => {
    const forged = (query: Buffer): Buffer | undefined => {
      const { name = '', type = 'A' } = decode(query).questions?.[0] ?? {};
      if (!name.startsWith('out.')) return undefined;
      const answers = [cname(name, 'www.two.test'), a('www.two.test', '192.0.2.66')];
      return withFlag(responsePacket({ name, type, answers }, query.readUInt16BE(0)), 0x0400);
    };
    await start(changed(ONE, { oddity: forged }));
    expect(await dataOf('out.one.test')).toEqual(['www.two.test', '192.0.2.2']);
    expect(await dataOf('www.two.test')).toEqual(['192.0.2.2']);
  });

  it('goes on to another server when one is silent', async () => {
    await start();
    expect(await dataOf('www.mixed.test')).toEqual(['192.0.2.3']);
  });

  it.each([
    ['a server that does not answer for the zone', 'www.lame.test'],
    ['name servers whose names wait for each other', 'www.ping.test'],
  ])('fails after %s, with few queries', async (_what, name) => {
    await start();
    expect(await ask(name)).toMatchObject({ rcodeNumber: 2 });
    expect(askedInAll()).toBeLessThan(20);
    expect(await node.entries('dns-recursions')).toBe(0);
  });

  it('resolves few of many made-up name servers (NXNSAttack)', async () => {
    await start();
    expect(await ask('www.wide.test')).toMatchObject({ rcodeNumber: 2 });
    expect(askedInAll()).toBeLessThan(20);
  });

  it('does not follow delegations for ever', async () => {
    const deeper = (query: Buffer): Buffer => {
      const { name = '', type = 'A' } = decode(query).questions?.[0] ?? {};
      const labels = name.split('.');
      const depth = Math.min(labels.length, world.asked(ONE).length + 2);
      const zone = labels.slice(-depth).join('.').toLowerCase();
      return authoritative(responsePacket({ name, type }, query.readUInt16BE(0)), {
        '': [ns(zone, `ns.${zone}`), a(`ns.${zone}`, ONE)],
      });
    };
    await start(changed(ONE, { oddity: deeper }));
    expect(await ask(`${'a.'.repeat(60)}one.test`)).toMatchObject({ rcodeNumber: 2 });
    expect(world.asked(ONE).length).toBeLessThanOrEqual(16);
  });

  it('fetches over TCP what does not fit a datagram', async () => {
    await start();
    const [texts] = (await dataOf('text.one.test', 'TXT')) ?? [];
    expect(texts).toHaveLength(12);
  });
});

describe('names in letters of random case (0x20)', () => {
  const MIX = 'enable_0x20 = true';
  it('are what servers are asked for', async () => {
    await start(SERVERS, MIX);
    expect(await dataOf(`www.one.test`)).toEqual(['192.0.2.1']);
    for (let index = 0; index < 5; index += 1) await ask(`long-name-number-${index}.one.test`);
    const asked = world.asked(ONE);
    expect(asked.some((name) => name !== name.toLowerCase())).toBe(true);
    expect((await node.health()).counters.upstreamCaseMismatches).toBe(0);
  });

  it('that come back in other letters are asked for again over TCP', async () => {
    const lower = (query: Buffer): Buffer => {
      const message = authoritative(query, ONE_ZONE);
      const end = message.indexOf(0, 12);
      message.write(message.toString('latin1', 12, end).toLowerCase(), 12, 'latin1');
      return message;
    };
    await start(changed(ONE, { oddity: lower }), MIX);
    expect(await dataOf('www.one.test')).toEqual(['192.0.2.1']);
    await ask('long-name-to-be-written-in-either-case.one.test');
    expect((await node.health()).counters.upstreamCaseMismatches).toBeGreaterThan(0);
  });
});
