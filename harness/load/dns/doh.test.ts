import { afterEach, describe, expect, it, test } from 'vitest';
import { type DohReply, type DohServer, serveDoh } from '../fixtures/doh-server.js';
import { floodPlan } from '../fixtures/flood-plan.js';
import { expectBalanced, honestReply, runUntil, setup, tearDown } from '../fixtures/flood-setup.js';
import type { LoadDriver } from '../load-driver.js';
import { openDriver } from '../open-driver.js';
import type { DohPlan } from '../plan.js';
import { parseDohTarget } from './doh-target.js';

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
    const plan: DohPlan = { ...floodPlan(), kind: 'doh', http, insecure: tls, ...changes };
    const driver = await openDriver(plan, { doh: server.url }, (line) => setup.logged.push(line));
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
      /^no answer from https?:\/\/127\.0\.0\.1:\d+\/dns-query within 50 ms$/,
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

  it('keeps as many questions in flight as it was told, and gets every answer', async () => {
    let [open, most] = [0, 0];
    const driver = await driverAt(
      await serve((query, respond) => {
        most = Math.max(most, ++open);
        setTimeout(() => {
          open--;
          respond(honestReply(query));
        }, 5);
      }),
      { outstanding: 8 },
    );
    await runUntil(driver, ({ answered }) => answered >= 200);
    const { counters, generator } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, wrong: 0, timeouts: 0 });
    expect(most).toBe(8);
    expect(generator?.scheduleErrorP99Ms).toBeNull();
  });
});

describe.each(['1.1', '2'] as const)('dns over http/%s with a certificate of its own making', (http) => {
  it('is refused with the flag that accepts it', async () => {
    const server = await serveDoh({ http, tls: true }, honest);
    setup.cleanUps.push(server.close);
    const plan: DohPlan = { ...floodPlan(), kind: 'doh', http, timeoutMs: 200 };
    const driver = await openDriver(plan, { doh: server.url }, (line) => setup.logged.push(line));
    setup.cleanUps.push(driver.close);
    const { ok, message } = await driver.probe(5000);
    expect(ok).toBe(false);
    expect(message).toMatch(/dns-query: self-signed certificate; --insecure accepts a certificate/);
    await runUntil(driver, ({ timeouts }) => timeouts >= 5);
    expect((await driver.stop()).counters.answered).toBe(0);
    expect(setup.logged.filter((line) => /self-signed/.test(line))).toHaveLength(1);
  });
});

test.each([
  ['1.1', '2'],
  ['2', '1.1'],
] as const)(
  'a server that speaks HTTP/%s only is told from one that is down, by HTTP/%s',
  async (theirs, ours) => {
    const server = await serveDoh({ http: theirs, tls: true }, honest);
    setup.cleanUps.push(server.close);
    const plan: DohPlan = { ...floodPlan(), kind: 'doh', http: ours, insecure: true };
    const driver = await openDriver(plan, { doh: server.url }, () => undefined);
    setup.cleanUps.push(driver.close);
    const { ok, message } = await driver.probe(5000);
    expect(ok).toBe(false);
    expect(message).toMatch(/does not speak this version of HTTP; DNS over HTTPS has --http-version/);
  },
);

test.each([
  ['127.0.0.1:8053', { tls: false, host: '127.0.0.1', port: 8053, path: '/dns-query' }],
  ['[::1]:8053', { tls: false, host: '::1', authority: '[::1]:8053', path: '/dns-query' }],
  ['https://localhost:8443/q', { tls: true, host: 'localhost', authority: 'localhost:8443', path: '/q' }],
  ['https://127.0.0.1/dns-query', { tls: true, port: 443, origin: 'https://127.0.0.1' }],
])('%s is an address of DNS over HTTPS', (text, expected) => {
  expect(parseDohTarget(text)).toMatchObject(expected);
});

test.each(['https://192.0.2.1/dns-query', '192.0.2.1:443'])('%s is elsewhere and refused', (text) => {
  expect(() => parseDohTarget(text)).toThrow(/this machine only/);
});
