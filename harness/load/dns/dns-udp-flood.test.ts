import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import {
  driverAt,
  driverAtServer,
  driverAtStub,
  expectBalanced,
  honestReply,
  runUntil,
  setup,
  tearDown,
  WAYS,
} from '../fixtures/flood-setup.js';
import { serveUdp } from '../fixtures/udp-server.js';
import { openDriver } from '../open-driver.js';
import type { DnsUdpFloodPlan } from '../plan.js';

afterEach(tearDown);

describe.each(WAYS)('dns-udp-flood over %s', (way) => {
  beforeEach(() => {
    setup.io = way;
  });

  it('gets every answer of an honest server', async () => {
    const driver = await driverAtStub({ ratePerSec: 3000 });
    await runUntil(driver, ({ answered }) => answered >= 1500);
    const { counters, latencyMs } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, wrong: 0, timeouts: 0, dropped: 0 });
    expect(latencyMs.p50).toBeGreaterThan(0);
    expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50 ?? 0);
  });

  it('asks unique names, the same ones for the same seed', async () => {
    const asked: Set<string>[] = [];
    for (const seed of [1, 1, 2]) {
      const names = new Set<string>();
      const driver = await driverAtServer(
        (query) => {
          names.add(query.toString('latin1', 12));
          return [honestReply(query)];
        },
        { seed },
      );
      await runUntil(driver, ({ answered }) => answered >= 50);
      const { counters } = await driver.stop();
      expect(names.size).toBe(counters.offered);
      asked.push(names);
    }
    const [first, again, other] = asked.map((names) => [...names].slice(0, 50));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it.each<[string, (reply: Buffer) => void]>([
    ['another address', (reply) => reply.set([10, 0, 0, 0], reply.length - 4)],
    ['another question', (reply) => reply.set([0x78], 14)],
    ['SERVFAIL', (reply) => reply.set([0x80, 2], 2)],
    ['no answer but an echo', (reply) => reply.set([0, 0], 2)],
  ])('counts an answer with %s as wrong', async (_what, falsify) => {
    const driver = await driverAtServer((query) => {
      const reply = honestReply(query);
      falsify(reply);
      return [reply];
    });
    await runUntil(driver, ({ wrong }) => wrong >= 50);
    const { counters, latencyMs } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, wrong: counters.offered });
    expect(latencyMs).toEqual({ p50: null, p99: null });
  });

  it('ignores answers with an id that is not in flight, duplicates and fragments', async () => {
    const driver = await driverAtServer((query) => {
      const reply = honestReply(query);
      const stray = Buffer.from(reply);
      stray.writeUInt16BE((reply.readUInt16BE(0) + 0x8000) % 0x10000, 0);
      return [stray, Buffer.from([1]), Buffer.alloc(0), reply, reply];
    });
    await runUntil(driver, ({ answered }) => answered >= 100);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.offered, wrong: 0 });
  });

  it('lets questions without an answer time out, and no answer that comes later changes that', async () => {
    const driver = await driverAtStub({ ratePerSec: 1000, timeoutMs: 50 }, { latencyMs: 400 });
    await runUntil(driver, ({ timeouts }) => timeouts >= 600);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, wrong: 0, timeouts: counters.offered });
  });

  it('counts the lost part of a lossy upstream as timeouts', async () => {
    const driver = await driverAtStub({ ratePerSec: 2000, timeoutMs: 100 }, { loss: 0.5 });
    await runUntil(driver, ({ offered }) => offered >= 1000);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.timeouts / counters.offered).toBeGreaterThan(0.4);
    expect(counters.timeouts / counters.offered).toBeLessThan(0.6);
  });

  it('survives a target that is gone: its questions are sent and time out, as with a silent one', async () => {
    const server = await serveUdp(() => []);
    server.close();
    const driver = await driverAt(server.address, floodPlan({ ratePerSec: 5000, timeoutMs: 50 }));
    await runUntil(driver, ({ timeouts }) => timeouts >= 500);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, wrong: 0, timeouts: counters.intended });
  });

  it('goes on counting, with new names, when it is started again', async () => {
    const driver = await driverAtStub();
    await runUntil(driver, ({ answered }) => answered >= 20);
    expect(() => driver.start()).toThrow(/runs already/);
    const first = (await driver.stop()).counters;
    await runUntil(driver, ({ answered }) => answered >= first.answered + 20);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.answered).toBe(counters.intended);
  });

  it('resets the latency of an interval and keeps that of the load', async () => {
    const driver = await driverAtStub();
    await runUntil(driver, ({ answered }) => answered >= 20);
    const { latencyMs } = await driver.stop();
    driver.tick();
    expect(driver.tick().latencyMs).toEqual({ p50: null, p99: null });
    expect(latencyMs.p50).not.toBeNull();
    expect((await driver.stop()).latencyMs).toEqual(latencyMs);
  });

  it('can be closed while it runs: the pending stop rejects, a second close does nothing', async () => {
    const driver = await driverAtStub({}, { silent: true });
    await runUntil(driver, ({ offered }) => offered >= 5);
    const stopping = expect(driver.stop()).rejects.toThrow(/closed while/);
    driver.close();
    driver.close();
    await stopping;
  });
});

it('refuses a target on another machine, and one without a DNS address', async () => {
  const connect = (plan: DnsUdpFloodPlan, addresses: Record<string, string>) =>
    openDriver(plan, addresses, () => undefined);
  await expect(connect(floodPlan(), { dns: '192.0.2.1:53' })).rejects.toThrow(/this machine only/);
  await expect(connect(floodPlan(), { http: '127.0.0.1:80' })).rejects.toThrow(
    /no "dns" address.*its addresses: http/,
  );
});

describe('probe', () => {
  it('accepts the right answer, from a lossy upstream as well, and leaves the counters alone', async () => {
    const driver = await driverAtStub({}, { loss: 1 });
    expect(await driver.probe(2000)).toMatchObject({ ok: true });
    expect(driver.tick().counters.offered).toBe(0);
  });

  it('asks again when the first question is lost', async () => {
    let asked = 0;
    const driver = await driverAtServer((query) => (++asked < 3 ? [] : [honestReply(query)]));
    expect(await driver.probe(600)).toMatchObject({ ok: true });
    expect(asked).toBe(3);
  });

  it('says what a wrong answer was', async () => {
    const lying = await driverAtServer((query) => {
      const reply = honestReply(query);
      reply.set([10, 9, 9, 9], reply.length - 4);
      return [reply];
    });
    const outcome = await lying.probe(500);
    expect(outcome.ok).toBe(false);
    expect(outcome.message).toMatch(/^127\.0\.0\.1:\d+ answered 10\.9\.9\.9 instead of 10\.\d+\.\d+\.\d+$/);
  });

  it('says how long it waited for a silent target, and when nothing listens', async () => {
    const silent = await driverAtStub({}, { silent: true });
    expect((await silent.probe(60)).message).toMatch(/^no answer from 127\.0\.0\.1:\d+ within 60 ms$/);
    const server = await serveUdp(() => []);
    server.close();
    const gone = await driverAt(server.address, floodPlan());
    expect((await gone.probe(60)).message).toMatch(/within 60 ms \(nothing listens there\)$/);
  });
});
