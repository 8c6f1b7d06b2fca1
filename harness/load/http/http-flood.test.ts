import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.js';
import type { LoadDriver } from '../load-driver.js';
import type { HttpFloodPlan } from '../plan.js';
import { openHttpFlood } from './http-flood.js';
import { parseHttpTarget } from './http-target.js';

const servers: Server[] = [];
const drivers: LoadDriver[] = [];
const logged: string[] = [];

afterEach(() => {
  for (const driver of drivers.splice(0)) driver.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  logged.length = 0;
});

async function serve(listener: RequestListener): Promise<{ port: number; open: Set<Socket> }> {
  const server = createServer(listener);
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, open };
}

function flood(port: number, changes: Partial<HttpFloodPlan> = {}, path = '/'): LoadDriver {
  const plan: HttpFloodPlan = {
    kind: 'http-flood',
    ratePerSec: 400,
    seed: 1,
    timeoutMs: 300,
    connections: 8,
    request: { method: 'GET', headers: {}, body: null },
    ...changes,
  };
  const driver = openHttpFlood(plan, parseHttpTarget(`http://127.0.0.1:${port}${path}`), {
    nowMs: systemClock.nowMs,
    log: (line) => logged.push(line),
  });
  drivers.push(driver);
  return driver;
}

test('every request is answered, over all connections in turn, and none is left after a stop', async () => {
  const paths = new Set<string>();
  const { port, open } = await serve((request, response) => {
    paths.add(request.url ?? '');
    response.end('ok');
  });
  const driver = flood(port, {}, '/page/{n}?x=1');
  driver.start();
  await delay(400);
  expect(open.size).toBe(8);
  const { counters, latencyMs } = await driver.stop();
  expect(counters).toMatchObject({ wrong: 0, timeouts: 0, dropped: 0 });
  expect(counters.answered).toBe(counters.offered);
  expect(counters.offered).toBe(counters.intended);
  expect(paths.size).toBe(counters.offered);
  expect(paths.has('/page/7?x=1')).toBe(true);
  expect(latencyMs.p50).toBeGreaterThan(0);
  await delay(50);
  expect(open.size).toBe(0);

  driver.start();
  await delay(100);
  const more = await driver.stop();
  expect(more.counters.answered).toBeGreaterThan(counters.answered);
});

test('a body is sent with its length, and headers as they were given', async () => {
  const seen: string[] = [];
  const { port } = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.headers['x-name']} ${body}`);
      response.end();
    });
  });
  const request = { method: 'POST', headers: { 'x-name': 'a' }, body: 'häuser' };
  const { ok } = await flood(port, { request }).probe(1_000);
  expect(ok).toBe(true);
  expect(seen).toEqual(['POST a häuser']);
});

test('a status of 404 is a wrong answer; 503 and a broken connection are errors; the log names them', async () => {
  let count = 0;
  const { port } = await serve((request, response) => {
    const turn = count++ % 3;
    if (turn === 0) request.socket.destroy();
    else {
      response.statusCode = turn === 1 ? 404 : 503;
      response.end();
    }
  });
  const driver = flood(port);
  driver.start();
  await delay(300);
  const { counters } = await driver.stop();
  expect(counters.answered).toBe(0);
  expect(counters.wrong).toBeGreaterThan(10);
  expect(counters.errors).toBeGreaterThan(10);
  expect(counters.wrong + counters.errors).toBe(counters.offered);
  expect(logged.length).toBe(10);
  expect(logged.join('\n')).toMatch(/status 404/);
  expect(logged.join('\n')).toMatch(/status 503/);
  expect(logged.join('\n')).toMatch(/socket hang up|ECONNRESET/);
});

test('a silent server costs timeouts, and requests that wait for a connection count among them', async () => {
  const { port } = await serve(() => undefined);
  const driver = flood(port, { connections: 2 });
  driver.start();
  await delay(400);
  const { counters } = await driver.stop();
  expect(counters.answered).toBe(0);
  expect(counters.offered).toBeGreaterThan(100);
  expect(counters.timeouts).toBe(counters.offered);
  expect(await driver.probe(100)).toEqual({
    ok: false,
    message: `GET http://127.0.0.1:${port}/: no answer within 100 ms`,
  });
});

test('a kept-alive connection that the server closes as it is used again costs nothing', async () => {
  const { port } = await serve((_request, response) => response.end('ok'));
  const [server] = servers;
  if (server !== undefined) server.keepAliveTimeout = 1;
  const driver = flood(port, { ratePerSec: 100, connections: 1 });
  driver.start();
  await delay(500);
  const { counters } = await driver.stop();
  expect(counters.wrong).toBe(0);
  expect(counters.answered).toBe(counters.offered);
});

test.each([
  'http://192.0.2.1/',
  'http://example.org/',
  'http://127.0.0.1.example.org/',
  'http://[2001:db8::1]/',
])('%s is elsewhere and refused', (url) => {
  expect(() => parseHttpTarget(url)).toThrow(/this machine only/);
});

test('localhost, 127.0.0.0/8 and ::1 are this machine', () => {
  expect(parseHttpTarget('http://localhost:3000/a')).toMatchObject({ host: 'localhost', port: 3000 });
  expect(parseHttpTarget('https://127.8.0.1/')).toMatchObject({ port: 443, secure: true });
  expect(parseHttpTarget('http://[::1]:80/')).toMatchObject({ host: '::1', port: 80 });
});
