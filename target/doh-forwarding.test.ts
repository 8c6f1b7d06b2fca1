import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaultId } from './faults.js';
import { type DohStub, makeCertificate, openDohStub, sendDns } from './fixtures/doh-stub.js';
import { decode, queryPacket, responsePacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openClient, openStubUpstream, type StubUpstream, type UdpClientSocket } from './fixtures/sockets.js';
import { zoneAnswer } from './fixtures/zone.js';

const HAS_OPENSSL = spawnSync('openssl', ['version']).error === undefined;
const HOST = 'dns.resolver.test';
let closing: (() => unknown)[];
let node: TestNode;
let client: UdpClientSocket;

beforeEach(() => {
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

async function stub(...args: Parameters<typeof openDohStub>): Promise<DohStub> {
  const opened = await openDohStub(...args);
  closing.push(opened.close);
  return opened;
}

async function start(
  forwarders: readonly string[],
  dns: readonly string[] = [],
  faults: readonly FaultId[] = [],
) {
  node = await startTestNode([], dns, faults, '', forwarders);
  client = await openClient(node.dns);
  closing.push(() => node.close(), client.close);
}

const inZone = (query: Buffer, response: ServerResponse): void => {
  const answer = zoneAnswer(query);
  if (answer !== null) sendDns(response, answer);
};
const at = ({ port }: DohStub): string => `http://127.0.0.1:${port}/dns-query`;
const ask = async (name: string) => decode(await client.ask(queryPacket(name)));

describe('forwarding over HTTPS', () => {
  it('asks on one connection that it keeps, and closes it when it stops', async () => {
    const resolver = await stub(inZone);
    await start([at(resolver)]);
    for (let index = 0; index < 10; index += 1) {
      expect((await ask(`n${index}.test`)).answers).toMatchObject([{ data: '192.0.2.1' }]);
    }
    expect(resolver.connections()).toBe(1);
    expect(await node.entries('doh-upstream-connections')).toBe(1);
    expect(await node.entries('doh-upstream-requests')).toBe(0);
    await node.close();
    await vi.waitFor(() => expect(resolver.sockets.size).toBe(0));
  });

  it('opens a bounded number of connections for questions at the same time, and answers them all', async () => {
    const resolver = await stub(inZone);
    await start([at(resolver)], ['max_upstream_connections = 3']);
    for (let index = 0; index < 40; index += 1) client.send(queryPacket(`n${index}.test`));
    for (let index = 0; index < 40; index += 1)
      expect(decode(await client.receive())).toMatchObject({ rcodeNumber: 0 });
    expect(resolver.connections()).toBe(3);
  });

  it('keeps no question that was given up, however long the resolver says nothing', async () => {
    const resolver = await stub(() => undefined);
    await start(
      [at(resolver)],
      ['forward_timeout_sec = 0.3', 'max_upstream_connections = 2', 'max_in_flight = 500'],
    );
    for (let index = 0; index < 100; index += 1) client.send(queryPacket(`n${index}.test`));
    for (let index = 0; index < 100; index += 1)
      expect(decode(await client.receive())).toMatchObject({ rcodeNumber: 2 });
    expect(await node.entries('doh-upstream-requests')).toBe(0);
    // Those that never got a connection were never sent.
    expect(resolver.connections()).toBeLessThan(20);
  });

  it('asks again when the resolver closed the connection meanwhile', async () => {
    const resolver = await stub(inZone);
    await start([at(resolver)]);
    await ask('a.test');
    // A reset that comes with the next question, as when the resolver's idle time ends at that moment.
    for (const socket of resolver.sockets) socket.resetAndDestroy();
    expect(await ask('b.test')).toMatchObject({ rcodeNumber: 0 });
  });

  it.skipIf(!HAS_OPENSSL)(
    'finds the resolver by name through a bootstrap, also after one that failed',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'leak-soak-doh-'));
      const pem = makeCertificate(folder, HOST);
      const resolver = await stub(inZone, pem);
      let isSilent = true;
      const plain: StubUpstream = await openStubUpstream((query) => {
        const { name = '', type = 'A' } = decode(query).questions?.[0] ?? {};
        const data = '127.0.0.1';
        const answers = type === 'A' ? [{ name, type, ttl: 300, data } as const] : [];
        return isSilent ? null : responsePacket({ name, type, answers }, query.readUInt16BE(0));
      });
      closing.push(plain.close, () => rmSync(folder, { recursive: true }));
      await start(
        [`https://${HOST}:${resolver.port}/dns-query`],
        [
          `bootstraps = ["127.0.0.1:${plain.endpoint.port}"]`,
          `doh_ca_file = "${pem.certFile}"`,
          'forward_timeout_sec = 0.5',
        ],
      );
      expect(await ask('a.test')).toMatchObject({ rcodeNumber: 2 });
      isSilent = false;
      let attempt = 0;
      await vi.waitFor(
        async () => {
          attempt += 1;
          expect(await ask(`b${attempt}.test`)).toMatchObject({ rcodeNumber: 0 });
        },
        { timeout: 10_000 },
      );
      const asked = plain.received.length;
      expect(await ask('c.test')).toMatchObject({ rcodeNumber: 0 });
      expect(plain.received).toHaveLength(asked);
    },
  );

  it.skipIf(!HAS_OPENSSL)('does not believe a resolver with a certificate of another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leak-soak-doh-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const resolver = await stub(inZone, makeCertificate(folder, HOST));
    await start([`https://127.0.0.1:${resolver.port}/dns-query`]);
    expect(await ask('a.test')).toMatchObject({ rcodeNumber: 2 });
    expect(node.lines.join('\n')).toContain('no response: DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it.each<[string, (query: Buffer, response: ServerResponse) => void, string]>([
    [
      'a status',
      (_query, response) =>
        void response.writeHead(503, { 'content-type': 'text/plain' }).end('over\nloaded'),
      'status 503, 11 bytes of text/plain: "over loaded"',
    ],
    [
      'another type',
      (_query, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(),
      'status 200, 0 bytes of text/html: no message',
    ],
    [
      'a body longer than any message',
      (_query, response) =>
        void response.writeHead(200, { 'content-type': 'application/dns-message' }).end(Buffer.alloc(70_000)),
      'status 200, more than 65535 bytes',
    ],
    [
      'half a response',
      (_query, response) => {
        response.writeHead(200, { 'content-type': 'application/dns-message', 'content-length': 100 });
        response.write('x', () => response.destroy());
      },
      'status 200, then ',
    ],
    ['no response', (_query, response) => void response.destroy(), 'no response: ECONNRESET'],
    ['silence', () => undefined, 'no answer within 1000 ms'],
  ])('goes on to the next forwarder after %s, and says why', async (_what, respond, line) => {
    const [bad, good] = [await stub(respond), await stub(inZone)];
    await start([at(bad), at(good)], ['forward_timeout_sec = 1']);
    expect(await ask('a.test')).toMatchObject({ rcodeNumber: 0 });
    expect(node.lines.join('\n')).toContain(`forwarder ${at(bad)}: ${line}`);
    expect(await node.entries('doh-upstream-requests')).toBe(0);
  });

  it.each<[readonly FaultId[], boolean]>([
    [[], false],
    [['doh-body'], true],
  ])('with faults %j takes all of an endless response: %s', async (faults, takesAll) => {
    const bytes = 8 << 20;
    let sent = 0;
    const resolver = await stub((_query, response) => {
      response.writeHead(200, { 'content-type': 'application/dns-message' });
      const write = (): void => {
        if (response.destroyed) return;
        if (sent >= bytes) response.end();
        else response.write(Buffer.alloc(65_536), write);
        sent += 65_536;
      };
      write();
    });
    await start([at(resolver)], ['forward_timeout_sec = 5'], faults);
    expect(await ask('a.test')).toMatchObject({ rcodeNumber: 2 });
    expect(sent >= bytes).toBe(takesAll);
  });
});
