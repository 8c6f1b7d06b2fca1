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
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET']);
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
