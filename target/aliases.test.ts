import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultId } from './faults.js';
import { decode, queryPacket, responsePacket, soa } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream, type UdpClientSocket } from './fixtures/sockets.js';

let upstream: StubUpstream;
let node: TestNode;
let client: UdpClientSocket;

/**
 * An upstream that follows no alias: `c<n>.test` is an alias of `c<n-1>.test`, `c0.test` has an address; `loop.test`
 * and `pool.test` are aliases of each other; `w<path>.test` has two aliases, each one letter longer.
 */
const respond = (packet: Buffer): Buffer => {
  const { name = '', type = 'A' } = decode(packet).questions?.[0] ?? {};
  const alias = (data: string) => ({ name, type: 'CNAME' as const, ttl: 60, data });
  const chain = Number(/^c(\d+)\./.exec(name)?.[1] ?? 0);
  const id = packet.readUInt16BE(0);
  if (chain > 0) return responsePacket({ name, type, answers: [alias(`c${chain - 1}.test`)] }, id);
  if (name === 'loop.test') return responsePacket({ name, type, answers: [alias('pool.test')] }, id);
  if (name === 'pool.test') return responsePacket({ name, type, answers: [alias('loop.test')] }, id);
  if (name === 'lost.test') return responsePacket({ name, type, answers: [alias('nx.test')] }, id);
  if (name === 'nx.test') return responsePacket({ name, type, rcode: 3, authorities: [soa(60, 60)] }, id);
  if (/^w[lr]*\./.test(name)) {
    const path = name.replace('.test', '');
    return responsePacket({ name, type, answers: [alias(`${path}l.test`), alias(`${path}r.test`)] }, id);
  }
  return responsePacket({ name, type, answers: [{ name, type: 'A', ttl: 30, data: '192.0.2.1' }] }, id);
};

async function start(faults: readonly FaultId[] = [], ...dns: string[]): Promise<void> {
  node = await startTestNode([upstream.endpoint], dns, faults);
  client = await openClient(node.dns);
}

beforeEach(async () => {
  upstream = await openStubUpstream(respond);
});
afterEach(async () => {
  client.close();
  await node.close();
  upstream.close();
});

const ask = async (name: string) => decode(await client.ask(queryPacket(name, 'A', 4096)));

describe('aliases that the upstream does not follow', () => {
  it.each<[readonly FaultId[]]>([[[]], [['cname-results']]])(
    'are followed to the end with faults %j',
    async (faults) => {
      await start(faults);
      const response = await ask('C3.test');
      expect(response.rcodeNumber).toBe(0);
      expect(response.answers?.map((each) => [each.name.toLowerCase(), each.type])).toEqual([
        ['c3.test', 'CNAME'],
        ['c2.test', 'CNAME'],
        ['c1.test', 'CNAME'],
        ['c0.test', 'A'],
      ]);
    },
  );

  it('are followed once, and then answered from the cache', async () => {
    await start();
    await ask('c3.test');
    const asked = upstream.received.length;
    expect((await ask('c3.test')).answers).toHaveLength(4);
    expect(upstream.received).toHaveLength(asked);
  });

  it('are given as they are when somebody asks for the alias itself', async () => {
    await start();
    expect(decode(await client.ask(queryPacket('c3.test', 'CNAME'))).answers).toHaveLength(1);
    expect(upstream.received).toHaveLength(1);
  });

  it('end in NXDOMAIN when the target does not exist', async () => {
    await start();
    const expected = {
      rcodeNumber: 3,
      answers: [{ type: 'CNAME' }],
      authorities: [{ type: 'SOA', ttl: 60 }],
    };
    expect(await ask('lost.test')).toMatchObject(expected);
    const asked = upstream.received.length;
    expect(await ask('lost.test')).toMatchObject(expected);
    expect(upstream.received).toHaveLength(asked);
  });

  it('are given up after ten', async () => {
    await start();
    expect((await ask('c20.test')).answers).toHaveLength(11);
  });

  it('that lead back to where they began are followed around once', async () => {
    await start();
    expect((await ask('loop.test')).answers).toHaveLength(2);
    expect(upstream.received).toHaveLength(2);
  });

  it('that branch make one query ask for a bounded number of names', async () => {
    await start([], 'max_cname_results = 20');
    await ask('w.test');
    expect(upstream.received).toHaveLength(1 + 20);
  });

  it('that branch make one query ask for a thousand names with the fault cname-results', async () => {
    await start(['cname-results'], 'max_cname_results = 20', 'forward_timeout_sec = 5');
    await ask('w.test');
    // 2047, of which a few datagrams may be lost where they come in one go.
    expect(upstream.received.length).toBeGreaterThan(1000);
  });
});

describe('services (SRV)', () => {
  const SERVICE = '_dns._udp.test';
  const services = (packet: Buffer): Buffer => {
    const { name = '', type = 'A' } = decode(packet).questions?.[0] ?? {};
    const id = packet.readUInt16BE(0);
    const to = (target: string) => ({ name, type: 'SRV' as const, ttl: 60, data: { port: 53, target } });
    if (name === SERVICE) return responsePacket({ name, type, answers: [to('c1.test'), to('nx.test')] }, id);
    if (name === '_none._udp.test') return responsePacket({ name, type, answers: [to('.')] }, id);
    if (type === 'AAAA') return responsePacket({ name, type, authorities: [soa(60, 60)] }, id);
    return respond(packet);
  };
  const askService = async (name: string) => decode(await client.ask(queryPacket(name, 'SRV', 4096)));

  beforeEach(async () => {
    upstream.close();
    upstream = await openStubUpstream(services);
    await start();
  });

  it('come with their addresses in the additional section, and are asked for once', async () => {
    const expected = [
      ['c1.test', 'CNAME'],
      ['c0.test', 'A'],
    ];
    for (let count = 0; count < 2; count += 1) {
      const { answers, additionals = [] } = await askService(SERVICE);
      expect(answers?.map((each) => each.type)).toEqual(['SRV', 'SRV']);
      const added = additionals.filter((each) => each.type !== 'OPT');
      expect(added.map((each) => [each.name, each.type])).toEqual(expected);
    }
    // The service; A and AAAA of two targets; A of the one that the alias leads to, whose AAAA is none.
    expect(upstream.received).toHaveLength(6);
  });

  it('that there are not, by the root as target, are nothing to ask for', async () => {
    expect((await askService('_none._udp.test')).answers).toHaveLength(1);
    expect(upstream.received).toHaveLength(1);
  });
});
