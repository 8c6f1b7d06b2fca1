import { execFile, spawn, spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formatEndpoint } from './endpoint.js';
import { decode, queryPacket, responsePacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openStubUpstream, type StubUpstream } from './fixtures/sockets.js';
import { openTcpClient } from './fixtures/tcp-client.js';
import { zoneAnswer } from './fixtures/zone.js';

const has = (tool: string, ...args: string[]): boolean => spawnSync(tool, args).error === undefined;
const HAS_DNSPERF = has('dnsperf', '-h');
const UNBOUND = ['unbound', '/usr/sbin/unbound'].find((program) => has(program, '-V'));

let folder: string;
let upstream: StubUpstream;
let node: TestNode;

/** The usual zone, with a record of some types at `types.example`. */
function respond(query: Buffer): Buffer | null {
  const { name = '', type = 'A' } = decode(query).questions?.[0] ?? {};
  if (name.toLowerCase() !== 'types.example') return zoneAnswer(query);
  const id = query.readUInt16BE(0);
  const record = { name, ttl: 300 };
  switch (type) {
    case 'MX':
      return responsePacket(
        { name, type, answers: [{ ...record, type, data: { preference: 5, exchange: 'mx.example' } }] },
        id,
      );
    case 'AAAA':
      return responsePacket({ name, type, answers: [{ ...record, type, data: '2001:db8::1' }] }, id);
    case 'CAA':
      return responsePacket(
        { name, type, answers: [{ ...record, type, data: { flags: 0, tag: 'issue', value: 'ca.example' } }] },
        id,
      );
    default:
      return zoneAnswer(query);
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-clients-'));
  upstream = await openStubUpstream(respond);
  node = await startTestNode([upstream.endpoint], ['forward_timeout_sec = 2']);
});
afterAll(async () => {
  await node.close();
  upstream.close();
  rmSync(folder, { recursive: true });
});

it("answers Node's own Resolver", async () => {
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([formatEndpoint(node.dns)]);
  expect(await resolver.resolve4('www.example')).toEqual(['192.0.2.1']);
  expect(await resolver.resolve6('types.example')).toEqual(['2001:db8::1']);
  expect(await resolver.resolveMx('types.example')).toEqual([{ priority: 5, exchange: 'mx.example' }]);
  expect(await resolver.resolveCaa('types.example')).toMatchObject([{ issue: 'ca.example' }]);
  // Larger than its datagrams: it comes back over TCP.
  expect(await resolver.resolveTxt('txt28.example')).toHaveLength(28);
  await expect(resolver.resolve4('nx.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolver.resolve6('www.example')).rejects.toMatchObject({ code: 'ENODATA' });
});

it.skipIf(!HAS_DNSPERF).each(['udp', 'tcp'])('answers dnsperf over %s, every query', async (mode) => {
  const data = join(folder, 'queries');
  writeFileSync(data, Array.from({ length: 500 }, (_, index) => `n${index}.example A\n`).join(''));
  const { address, port } = node.dns;
  const args = ['-s', address, '-p', String(port), '-m', mode, '-d', data, '-q', '50', '-n', '4'];
  const { stdout } = await promisify(execFile)('dnsperf', args);
  expect(stdout).toMatch(/Queries completed:\s+2000 \(100\.00%\)/);
  expect(stdout).toMatch(/Response codes:\s+NOERROR 2000 \(100\.00%\)/);
});

describe.skipIf(UNBOUND === undefined)('unbound that forwards to the node', () => {
  it('resolves through it, by UDP and, where an answer is large, over TCP', async () => {
    // A port that was free a moment ago: unbound takes none by itself.
    const probe = await openStubUpstream(() => null);
    const { port } = probe.endpoint;
    probe.close();
    const file = join(folder, 'unbound.conf');
    writeFileSync(
      file,
      `server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 127.0.0.1@${port}
  do-not-query-localhost: no
  module-config: "iterator"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@${node.dns.port}
`,
    );
    const unbound = spawn(UNBOUND ?? '', ['-d', '-c', file], { stdio: 'ignore' });
    try {
      const client = await vi.waitFor(
        async () => {
          const opened = await openTcpClient({ address: '127.0.0.1', port });
          expect(opened.socket.destroyed).toBe(false);
          return opened;
        },
        { timeout: 10_000 },
      );
      const answers = async (name: string, type?: Parameters<typeof queryPacket>[1]) =>
        decode(await client.ask(queryPacket(name, type)));
      expect((await answers('www2.example')).answers).toMatchObject([{ data: '192.0.2.1' }]);
      expect(await answers('nx.example')).toMatchObject({ rcodeNumber: 3 });
      expect(await answers('www.example', 'AAAA')).toMatchObject({ rcodeNumber: 0, answers: [] });
      const before = (await node.health()).counters.tcpAccepted;
      expect((await answers('txt28.example', 'TXT')).answers).toHaveLength(28);
      expect((await node.health()).counters.tcpAccepted).toBeGreaterThan(before);
      client.close();
    } finally {
      const gone = once(unbound, 'exit');
      unbound.kill();
      await gone;
    }
  });
});
