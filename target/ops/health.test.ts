import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCounters } from './counters.js';
import { type HealthServer, openHealthServer } from './health.js';

const log = { info: () => undefined, warn: () => undefined };
const health = {
  status: 'healthy',
  uptime_sec: 3,
  version: '0.1.0',
  structures: [],
  counters: createCounters(),
} as const;
let server: HealthServer;
let base: string;

beforeEach(async () => {
  server = await openHealthServer({ address: '127.0.0.1', port: 0 }, log, () => health);
  base = `http://127.0.0.1:${server.address.port}`;
});
afterEach(() => server.close());

describe('health server', () => {
  it('answers GET /health', async () => {
    const response = await fetch(`${base}/health?verbose`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(health);
  });

  it('answers other paths 404 and other methods 405', async () => {
    expect((await fetch(`${base}/`)).status).toBe(404);
    const post = await fetch(`${base}/health`, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answers HEAD as GET, without the body', async () => {
    const [head, get] = [await fetch(`${base}/health`, { method: 'HEAD' }), await fetch(`${base}/health`)];
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
    expect(await head.text()).toBe('');
  });

  it('serves one request on a connection and closes it', async () => {
    const socket = connect(server.address.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.toLowerCase()).toContain('connection: close');
  });

  it('answers although a hundred connections are held open, and closes the oldest of those', async () => {
    const idle = Array.from({ length: 100 }, () => connect(server.address.port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => undefined).resume();
    const oldestClosed = idle.slice(0, 60).map((socket) => once(socket, 'close'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect((await fetch(`${base}/health`)).status).toBe(200);
    await Promise.all(oldestClosed);
    for (const socket of idle) socket.destroy();
  });

  it('closes a connection on which no request comes', async () => {
    const socket = connect(server.address.port, '127.0.0.1');
    socket.resume();
    socket.write('GET /health HTTP/1.1\r\n');
    const opened = performance.now();
    await once(socket, 'close');
    expect(performance.now() - opened).toBeLessThan(4000);
  });

  it('answers what is not HTTP with an error and closes', async () => {
    const socket = connect(server.address.port, '127.0.0.1');
    socket.end('garbage\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
  });

  it('closes at once although clients hold connections open', async () => {
    const socket = connect(server.address.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    socket.resume();
    await server.close();
    await closed;
    server = await openHealthServer({ address: '127.0.0.1', port: 0 }, log, () => health);
  });
});
