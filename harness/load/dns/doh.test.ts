import { afterEach, describe, expect, it } from 'vitest';
import { type DohReply, type DohServer, serveDoh } from '../fixtures/doh-server.js';
import { floodPlan } from '../fixtures/flood-plan.js';
import { expectBalanced, honestReply, runUntil, setup, tearDown } from '../fixtures/flood-setup.js';
import type { LoadDriver } from '../load-driver.js';
import { openDriver } from '../open-driver.js';
import type { DohPlan } from '../plan.js';

afterEach(tearDown);

const honest: DohReply = (query, respond) => respond(honestReply(query));

describe.each([
  ['1.1', false],
  ['1.1', true],
  ['2', false],
  ['2', true],
] as const)('dns over http/%s, tls %s', (http, tls) => {
  async function serve(reply: DohReply): Promise<DohServer> {
    const server = await serveDoh({ http, tls }, reply);
    setup.cleanUps.push(server.close);
    return server;
  }

  async function driverAt(server: DohServer, changes: Partial<DohPlan> = {}): Promise<LoadDriver> {
    const plan: DohPlan = { ...floodPlan(), kind: 'doh', http, tls, ...changes };
    const driver = await openDriver(plan, { doh: server.address }, (line) => setup.logged.push(line));
    setup.cleanUps.push(driver.close);
    return driver;
  }

  it('gets every answer of an honest server', async () => {
    const driver = await driverAt(await serve(honest));
    expect(await driver.probe(5000)).toMatchObject({ ok: true });
    await runUntil(driver, ({ answered }) => answered >= 200);
    const { counters, generator } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, wrong: 0, timeouts: 0, dropped: 0 });
    expect(generator?.io).toBe(`http/${http}`);
  });

  it('counts errors, other media types and lies as wrong', async () => {
    let turn = 0;
    const server = await serve((query, respond) => {
      const reply = honestReply(query);
      reply.set([10, 0, 0, 0], reply.length - 4);
      const bad = [
        () => respond(honestReply(query), 500),
        () => respond(Buffer.from('<html>'), 200, 'text/html'),
        () => respond(Buffer.alloc(100_000)),
        () => respond(reply),
      ];
      bad[turn++ % bad.length]?.();
    });
    const driver = await driverAt(server);
    expect(await driver.probe(5000)).toMatchObject({ ok: false });
    await runUntil(driver, ({ wrong }) => wrong >= 40);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, wrong: counters.offered });
  });

  it('lets questions time out that a server is silent about, and says so when it probes', async () => {
    const driver = await driverAt(await serve(() => undefined), { timeoutMs: 100 });
    expect((await driver.probe(50)).message).toMatch(
      /^no answer from 127\.0\.0\.1:\d+\/dns-query within 50 ms$/,
    );
    await runUntil(driver, ({ timeouts }) => timeouts >= 50);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, timeouts: counters.intended });
  });

  it('blames a target that is gone, not itself', async () => {
    const server = await serve(honest);
    server.close();
    const driver = await driverAt(server, { timeoutMs: 100 });
    await runUntil(driver, ({ timeouts }) => timeouts >= 20);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ timeouts: counters.intended, dropped: 0 });
  });
});
