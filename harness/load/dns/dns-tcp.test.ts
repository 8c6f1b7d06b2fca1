import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import { expectBalanced, honestReply, runUntil, setup, tearDown } from '../fixtures/flood-setup.js';
import { serveTcp, type TcpServer } from '../fixtures/tcp-server.js';
import type { LoadDriver } from '../load-driver.js';
import { openDriver } from '../open-driver.js';
import type { DnsTcpPlan } from '../plan.js';
import { createFrameReader, frame } from './tcp-frames.js';

afterEach(tearDown);

const MODES = ['visit', 'pipelined'] as const;

/** A DNS server over TCP; `reply` says what becomes of each query. */
async function serveDns(reply: (query: Buffer, socket: Socket) => void): Promise<TcpServer> {
  const server = await serveTcp((socket) => {
    socket.on(
      'data',
      createFrameReader((query) => reply(Buffer.from(query), socket)),
    );
  });
  setup.cleanUps.push(server.close);
  return server;
}

const honest = (query: Buffer, socket: Socket): void => {
  socket.write(frame(honestReply(query)));
};

async function driverAt(server: TcpServer, changes: Partial<DnsTcpPlan>): Promise<LoadDriver> {
  const plan: DnsTcpPlan = { ...floodPlan(), kind: 'dns-tcp', mode: 'visit', ...changes };
  const driver = await openDriver(plan, { 'dns-tcp': server.address }, (line) => setup.logged.push(line));
  setup.cleanUps.push(driver.close);
  return driver;
}

describe.each(MODES)('dns over tcp, %s', (mode) => {
  it('gets every answer of an honest server', async () => {
    const driver = await driverAt(await serveDns(honest), { mode, ratePerSec: 300 });
    await runUntil(driver, ({ answered }) => answered >= 200);
    const { counters, latencyMs, generator } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, wrong: 0, timeouts: 0, dropped: 0 });
    expect(latencyMs.p50).toBeGreaterThan(0);
    expect(generator).toMatchObject({ io: 'tcp', kernelDrops: null });
  });

  it('keeps so many questions in flight as it is told, in a closed loop', async () => {
    const driver = await driverAt(await serveDns(honest), { mode, outstanding: 10 });
    await runUntil(driver, ({ answered }) => answered >= 500);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, dropped: 0 });
  });

  it('counts a lie as wrong and says which', async () => {
    const server = await serveDns((query, socket) => {
      const reply = honestReply(query);
      reply.set([10, 0, 0, 0], reply.length - 4);
      socket.write(frame(reply));
    });
    const driver = await driverAt(server, { mode });
    await runUntil(driver, ({ wrong }) => wrong >= 20);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, wrong: counters.offered });
    expect(setup.logged.join('\n')).toMatch(/answered 10\.0\.0\.0 instead of/);
  });

  it('lets questions time out whose connection the target closes, and goes on', async () => {
    const server = await serveDns((query, socket) => {
      if (query[1] === 5) socket.destroy();
      else honest(query, socket);
    });
    const driver = await driverAt(server, { mode, timeoutMs: 100, ratePerSec: 300 });
    await runUntil(driver, ({ timeouts, answered }) => timeouts >= 1 && answered >= 20);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ wrong: 0, dropped: 0 });
  });

  it('blames a target that is gone, not itself', async () => {
    const server = await serveDns(honest);
    server.close();
    const driver = await driverAt(server, { mode, timeoutMs: 50 });
    await runUntil(driver, ({ timeouts }) => timeouts >= 50);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, timeouts: counters.intended, dropped: 0 });
  });

  it('takes any bytes for an answer without falling over', async () => {
    let turn = 0;
    const server = await serveDns((query, socket) => {
      const reply = honestReply(query);
      const at = 2 + (turn++ % (reply.length - 2));
      reply[at] = (reply[at] as number) ^ (turn % 255);
      const noise = Buffer.from(Array.from({ length: turn % 90 }, (_, i) => (i * turn) % 256));
      for (const bytes of [noise, reply.subarray(0, 2 + (turn % reply.length))]) socket.write(frame(bytes));
      // The end of the stream from the server's side, now and then in the middle of a message.
      if (turn % 7 === 0) socket.end(Buffer.from([0, 40, 1, 2]));
    });
    const driver = await driverAt(server, { mode, timeoutMs: 1000 });
    await runUntil(driver, ({ wrong }) => wrong >= 100);
    expectBalanced((await driver.stop()).counters);
  });

  it('probes over TCP', async () => {
    const driver = await driverAt(await serveDns(honest), { mode });
    expect(await driver.probe(2000)).toMatchObject({ ok: true, message: expect.stringMatching(/over TCP$/) });
    const silent = await driverAt(await serveDns(() => undefined), { mode });
    expect((await silent.probe(50)).message).toMatch(/gave no answer over TCP within 50 ms$/);
    const rude = await driverAt(await serveDns((_query, socket) => socket.destroy()), { mode });
    expect(await rude.probe(1000)).toMatchObject({ ok: false });
  });
});

describe('pipelined connections', () => {
  it('take answers in any order, over few connections', async () => {
    const held: Buffer[] = [];
    const server = await serveDns((query, socket) => {
      held.push(query);
      if (held.length < 10) return;
      for (const each of held.splice(0).reverse()) honest(each, socket);
    });
    const driver = await driverAt(server, { mode: 'pipelined', connections: 1, outstanding: 10 });
    await runUntil(driver, ({ answered }) => answered >= 500);
    expect(server.accepted()).toBe(1);
    expect(driver.tick().counters.wrong).toBe(0);
    driver.close();
  });
});

describe('visits', () => {
  it('take a connection each and leave none behind, by FIN or by reset', async () => {
    for (const close of ['fin', 'rst'] as const) {
      const server = await serveDns(honest);
      const driver = await driverAt(server, { mode: 'visit', close, outstanding: 5 });
      await runUntil(driver, ({ answered }) => answered >= 100);
      const { counters } = await driver.stop();
      expect(server.accepted()).toBe(counters.answered);
      await expect.poll(() => server.open.size).toBe(0);
    }
  });

  it('are dropped beyond the connections allowed', async () => {
    const driver = await driverAt(await serveDns(() => undefined), {
      mode: 'visit',
      connections: 3,
      timeoutMs: 60_000,
    });
    await runUntil(driver, ({ dropped }) => dropped >= 20);
    expect(driver.tick().counters).toMatchObject({ offered: 3 });
    driver.close();
  });
});
