import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { SELF_SIGNED } from '../fixtures/doh-server.js';
import { expectBalanced, runUntil } from '../fixtures/flood-setup.js';
import type { LoadDriver } from '../load-driver.js';
import { openDriver } from '../open-driver.js';
import type { HttpFloodPlan } from '../plan.js';

const cleanUps: (() => void)[] = [];
const logged: string[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  logged.length = 0;
});

async function serve(listener: RequestListener, server: Server = createServer(listener)): Promise<number> {
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function driverAt(url: string, changes: Partial<HttpFloodPlan> = {}): Promise<LoadDriver> {
  const plan: HttpFloodPlan = {
    kind: 'http-flood',
    ratePerSec: 1,
    outstanding: 4,
    seed: 1,
    timeoutMs: 300,
    connections: 1,
    request: { method: 'GET', headers: {}, body: null },
    ...changes,
  };
  const driver = await openDriver(plan, { http: url }, (line) => logged.push(line));
  cleanUps.push(driver.close);
  return driver;
}

test('so many requests are in flight at all times, none is cut off by a stop, and it goes on after one', async () => {
  let [open, most, finished] = [0, 0, 0];
  const port = await serve((_request, response) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      finished++;
      response.end('ok');
    }, 5);
  });
  const driver = await driverAt(`http://127.0.0.1:${port}/`);
  expect(await driver.probe(1000)).toMatchObject({ ok: true });
  finished = 0;
  await runUntil(driver, ({ answered }) => answered >= 100);
  const { counters, latencyMs, generator } = await driver.stop();
  expectBalanced(counters);
  expect(counters).toMatchObject({ wrong: 0, errors: 0, timeouts: 0, dropped: 0, answered: finished });
  expect(open).toBe(0);
  expect(most).toBe(4);
  expect(latencyMs.p50).toBeGreaterThanOrEqual(4.5);
  expect(generator).toMatchObject({ io: 'autocannon', scheduleErrorP99Ms: null });
  await runUntil(driver, ({ answered }) => answered >= counters.answered + 100);
  expectBalanced((await driver.stop()).counters);
});

test('method, headers and body are sent, and {n} makes paths distinct', async () => {
  const seen = new Set<string>();
  const port = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.add(`${request.method} ${request.url} ${request.headers['x-name']} ${body}`);
      response.end();
    });
  });
  const request = { method: 'POST', headers: { 'x-name': 'a' }, body: 'häuser' };
  const driver = await driverAt(`http://127.0.0.1:${port}/page/{n}?x=1`, { request });
  await runUntil(driver, ({ answered }) => answered >= 50);
  const { counters } = await driver.stop();
  expectBalanced(counters);
  expect(seen.size).toBeGreaterThan(45);
  expect([...seen].every((line) => /^POST \/page\/\d+\?x=1 a häuser$/.test(line))).toBe(true);
});

test('a HEAD has no body to wait for', async () => {
  const port = await serve((_request, response) => {
    response.setHeader('content-length', 2);
    response.end('ok');
  });
  const request = { method: 'HEAD', headers: {}, body: null };
  const driver = await driverAt(`http://127.0.0.1:${port}/`, { request });
  await runUntil(driver, ({ answered }) => answered >= 50);
  const { counters } = await driver.stop();
  expectBalanced(counters);
  expect(counters).toMatchObject({ errors: 0, timeouts: 0 });
});

test('404 is wrong, 503 is an error, and so is a response that breaks off', async () => {
  let count = 0;
  const port = await serve((_request, response) => {
    const turn = count++ % 4;
    if (turn === 0) {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('half of it', () => response.destroy());
      return;
    }
    response.statusCode = [200, 200, 404, 503][turn] as number;
    response.end('ok');
  });
  const driver = await driverAt(`http://127.0.0.1:${port}/`);
  await runUntil(driver, ({ answered, wrong, errors }) => answered >= 10 && wrong >= 10 && errors >= 20);
  const { counters } = await driver.stop();
  expectBalanced(counters);
  expect(counters.timeouts).toBe(0);
  expect(Math.abs(counters.errors - 2 * counters.wrong)).toBeLessThan(10);
  expect(logged.join('\n')).toMatch(/connection was closed before the response|ECONNRESET/);
});

test('a connection that the server announces to close costs nothing', async () => {
  const port = await serve((_request, response) => {
    response.setHeader('connection', 'close');
    response.end('ok');
  });
  const driver = await driverAt(`http://127.0.0.1:${port}/`);
  await runUntil(driver, ({ answered }) => answered >= 100);
  const { counters } = await driver.stop();
  expectBalanced(counters);
  expect(counters).toMatchObject({ wrong: 0, errors: 0, timeouts: 0 });
});

test('a silent server costs timeouts, and a stop waits for the last of them', async () => {
  const port = await serve(() => undefined);
  const driver = await driverAt(`http://127.0.0.1:${port}/`, { timeoutMs: 100 });
  await runUntil(driver, ({ timeouts }) => timeouts >= 8);
  const { counters } = await driver.stop();
  expectBalanced(counters);
  expect(counters).toMatchObject({ answered: 0, errors: 0 });
});

test('a server that is gone is tried again now and then, not thousands of times a second', async () => {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  server.close();
  const driver = await driverAt(`http://127.0.0.1:${port}/`);
  driver.start();
  await delay(500);
  const { counters } = await driver.stop();
  expectBalanced(counters);
  expect(counters.errors).toBe(counters.offered);
  expect(counters.errors).toBeGreaterThanOrEqual(4);
  expect(counters.errors).toBeLessThanOrEqual(4 * 6);
  expect(logged[0]).toMatch(/ECONNREFUSED/);
});

test('goes on with a server that comes back', async () => {
  let sockets: Socket[] = [];
  const server = createServer((_request, response) => response.end('ok'));
  server.on('connection', (socket: Socket) => sockets.push(socket));
  const port = await serve(() => undefined, server);
  const driver = await driverAt(`http://127.0.0.1:${port}/`);
  await runUntil(driver, ({ answered }) => answered >= 20);
  server.close();
  for (const socket of sockets.splice(0)) socket.resetAndDestroy();
  await expect.poll(() => driver.tick().counters.errors).toBeGreaterThanOrEqual(4);
  sockets = [];
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const before = driver.tick().counters.answered;
  await expect.poll(() => driver.tick().counters.answered).toBeGreaterThan(before + 20);
  expectBalanced((await driver.stop()).counters);
});

test('a certificate of its own making is refused by the probe, with the flag that accepts it', async () => {
  const listener: RequestListener = (_request, response) => response.end('ok');
  const port = await serve(listener, createHttps(SELF_SIGNED, listener));
  const url = `https://127.0.0.1:${port}/`;
  const { ok, message } = await (await driverAt(url)).probe(1000);
  expect(ok).toBe(false);
  expect(message).toMatch(/self-signed certificate; --insecure accepts/);
  const insecure = await driverAt(url, { insecure: true });
  expect(await insecure.probe(1000)).toMatchObject({ ok: true });
  await runUntil(insecure, ({ answered }) => answered >= 20);
  expectBalanced((await insecure.stop()).counters);
});
