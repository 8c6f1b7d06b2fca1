import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FaultId } from './faults.js';
import { decode, queryPacket } from './fixtures/messages.js';
import { startTestNode, type TestNode } from './fixtures/node.js';
import { openStubUpstream, type StubUpstream } from './fixtures/sockets.js';
import { zoneAnswer } from './fixtures/zone.js';

const has = (tool: string, ...args: string[]): boolean => spawnSync(tool, args).error === undefined;
const HAS_OPENSSL = has('openssl', 'version');
const HAS_KDIG = has('kdig', '-V');
const TYPE = { 'content-type': 'application/dns-message' };
let upstream: StubUpstream;
let test: TestNode;
let url: string;

beforeAll(async () => {
  upstream = await openStubUpstream(zoneAnswer);
});
afterAll(() => upstream.close());
afterEach(() => test.close());

async function start(table = '[doh]', faults: readonly FaultId[] = []): Promise<void> {
  test = await startTestNode([upstream.endpoint], ['forward_timeout_sec = 1'], faults, table);
  url = test.node.addresses.doh ?? '';
}

const post = (body: string | Buffer, headers: Record<string, string> = TYPE): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('DNS over HTTP', () => {
  it('is served only when it is configured', async () => {
    test = await startTestNode([upstream.endpoint]);
    expect(test.node.addresses.doh).toBeUndefined();
  });

  it('names the file of a certificate that cannot be read', async () => {
    const attempt = startTestNode([], [], [], '[doh]\ncertificate = "/no/such.pem"\nkey = "/no/such.pem"');
    await expect(attempt).rejects.toThrow('[doh] certificate = "/no/such.pem": cannot be read (ENOENT)');
    await start();
  });

  it('answers POST and GET', async () => {
    await start();
    const posted = await post(queryPacket('www.test'));
    expect(posted.headers.get('content-type')).toBe('application/dns-message');
    expect(posted.headers.get('cache-control')).toBe('max-age=300');
    expect(decode(await bytesOf(posted))).toMatchObject({ id: 7, answers: [{ data: '192.0.2.1' }] });
    const got = await fetch(`${url}?dns=${queryPacket('txt28.test', 'TXT').toString('base64url')}`);
    expect(decode(await bytesOf(got)).answers).toHaveLength(28);
  });

  it.each<[string, number, (base: string) => Promise<Response>]>([
    ['another path', 404, (base) => fetch(base.replace('dns-query', ''))],
    ['another method', 405, (base) => fetch(base, { method: 'PUT', body: 'x' })],
    ['another type', 415, () => post('{}', { 'content-type': 'application/json' })],
    ['no question', 400, (base) => fetch(base)],
    ['what is not base64url', 400, (base) => fetch(`${base}?dns=a+b/`)],
    ['what is no query', 400, () => post('x')],
    ['a body longer than any message', 413, () => post(Buffer.alloc(70_000))],
    ['a body longer than any query', 413, () => post(Buffer.alloc(5_000))],
  ])('refuses %s with %i, and goes on', async (_what, status, attempt) => {
    await start();
    expect((await attempt(url)).status).toBe(status);
    expect((await post(queryPacket('www.test'))).status).toBe(200);
    expect((await test.health()).counters.internalErrors).toBe(0);
  });

  it('goes on when clients leave in the middle of a request or an answer', async () => {
    await start();
    const { hostname, port } = new URL(url);
    const head = `POST /dns-query HTTP/1.1\r\nhost: x\r\ncontent-type: ${TYPE['content-type']}\r\n`;
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(Number(port), hostname);
      const packet = queryPacket('silent.test');
      socket.write(`${head}content-length: ${packet.length + (count % 2)}\r\n\r\n`);
      socket.write(packet, () => socket.resetAndDestroy());
    }
    await vi.waitFor(async () => expect((await test.health()).counters.tcpAccepted).toBe(20));
    expect((await post(queryPacket('www.test'))).status).toBe(200);
    expect((await test.health()).counters.internalErrors).toBe(0);
  });

  it.each<[readonly FaultId[], boolean]>([
    [[], false],
    [['doh-body'], true],
  ])('with faults %j takes a body of 20 MB: %s', async (faults, taken) => {
    await start('[doh]', faults);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(`POST /dns-query HTTP/1.1\r\nhost: x\r\ncontent-type: ${TYPE['content-type']}\r\n`);
    socket.write('content-length: 30000000\r\n\r\n');
    let response = '';
    socket.on('data', (chunk) => (response += String(chunk)));
    const before = process.memoryUsage().arrayBuffers;
    const piece = Buffer.alloc(1 << 20);
    const sent = (async () => {
      for (let left = 20; left > 0 && !socket.destroyed; left -= 1) {
        await new Promise((resolve) => socket.write(piece, resolve));
      }
    })();
    if (taken) {
      await sent;
      await vi.waitFor(() => expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThan(15 << 20));
      expect(response).toBe('');
    } else {
      await vi.waitFor(() => expect(response).toMatch(/^HTTP\/1\.1 413 /));
    }
    socket.destroy();
  });
});

describe.skipIf(!HAS_OPENSSL)('DNS over HTTPS', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leak-soak-doh-'));
    const out = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...how, '-subj', '/CN=localhost', ...out], { stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const startSecure = (): Promise<void> =>
    start(`[doh]\ncertificate = "${join(folder, 'cert.pem')}"\nkey = "${join(folder, 'key.pem')}"`);

  it('answers over HTTP/2, many questions on one connection', async () => {
    await startSecure();
    const session = connectHttp2(url, { rejectUnauthorized: false });
    const ask = async (name: string): Promise<Buffer> => {
      const stream = session.request({ ':method': 'POST', ':path': '/dns-query', ...TYPE });
      stream.end(queryPacket(name));
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(`n${index}.test`)));
    for (const each of answers) expect(decode(each)).toMatchObject({ answers: [{ data: '192.0.2.1' }] });
    expect(await test.entries('doh-connections')).toBe(1);
    session.close();
  });

  it('stops although connections are open', async () => {
    await startSecure();
    const session = connectHttp2(url, { rejectUnauthorized: false });
    session.on('error', () => undefined);
    await new Promise((resolve) => session.once('connect', resolve));
    const closed = new Promise((resolve) => session.once('close', resolve));
    await test.close();
    await closed;
  });

  it.skipIf(!HAS_KDIG)('answers kdig +https', async () => {
    await startSecure();
    const { hostname, port } = new URL(url);
    const { stdout } = await promisify(execFile)('kdig', [`@${hostname}`, '-p', port, '+https', 'a.test']);
    expect(stdout).toContain('status: NOERROR');
    expect(stdout).toContain('192.0.2.1');
  });
});
