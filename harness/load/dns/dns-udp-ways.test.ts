import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import {
  driverAtServer,
  driverAtStub,
  expectBalanced,
  honestReply,
  runUntil,
  setup,
  tearDown,
  WAYS,
  WORKER,
} from '../fixtures/flood-setup.js';
import { serveUdp } from '../fixtures/udp-server.js';
import { parseLoopback } from '../loopback-address.js';
import { openDnsUdp } from './open-dns-udp.js';

afterEach(tearDown);

describe.each(WAYS)('a flood over %s', (way) => {
  beforeEach(() => {
    setup.io = way;
  });

  it('keeps so many questions in flight as it is told, in a closed loop', async () => {
    const driver = await driverAtServer((query) => [honestReply(query)], { outstanding: 20 });
    await runUntil(driver, ({ answered }) => answered >= 3000);
    const { counters, generator } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, dropped: 0 });
    expect(generator?.scheduleErrorP99Ms).toBeNull();
    const silent = await driverAtServer(() => [], { outstanding: 20, timeoutMs: 60_000 });
    await runUntil(silent, ({ offered }) => offered >= 20);
    expect(silent.tick().counters).toMatchObject({ intended: 20, offered: 20 });
  });

  it('goes on in a closed loop when some questions get no answer', async () => {
    const changes = { outstanding: 8, timeoutMs: 30 };
    const driver = await driverAtServer((query) => (query[1] === 3 ? [] : [honestReply(query)]), changes);
    await runUntil(driver, ({ timeouts, answered }) => timeouts >= 3 && answered >= 600);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.wrong).toBe(0);
  });

  it('follows a flow of rates', async () => {
    const driver = await driverAtStub({ rateFlow: '100ms:0,1h:2000', ratePerSec: 1 });
    await runUntil(driver, ({ answered }) => answered >= 500);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.answered).toBe(counters.intended);
  });

  it('watches itself: how late it sent, what it cost, what was dropped at its own sockets', async () => {
    const driver = await driverAtStub({ ratePerSec: 3000 });
    await runUntil(driver, ({ answered }) => answered >= 500);
    const { generator } = await driver.stop();
    expect(generator?.io).toBe(setup.io);
    expect(generator?.scheduleErrorP99Ms).toBeGreaterThanOrEqual(0);
    expect(generator?.cpuMs).toBeGreaterThan(0);
    expect(generator?.kernelDrops).toBe(process.platform === 'linux' ? 0 : null);
  });

  it('says which way it sends, and what the first wrong answer was', async () => {
    const driver = await driverAtServer((query) => {
      const reply = honestReply(query);
      reply.set([10, 0, 0, 0], reply.length - 4);
      return [reply];
    });
    await runUntil(driver, ({ wrong }) => wrong >= 5);
    await driver.stop();
    expect(setup.logged.join('\n')).toContain(setup.io === 'mmsg' ? 'sendmmsg' : 'node:dgram');
    const wrongs = setup.logged.filter((line) => line.startsWith('first wrong answer'));
    expect(wrongs).toEqual([expect.stringMatching(/soak\.test: answered 10\.0\.0\.0 instead of 10\./)]);
  });

  it('takes any bytes for an answer without falling over', async () => {
    let turn = 0;
    const driver = await driverAtServer((query) => {
      const reply = honestReply(query);
      const at = 2 + (turn++ % (reply.length - 2));
      reply[at] = (reply[at] as number) ^ (turn % 255);
      const noise = Buffer.from(Array.from({ length: turn % 90 }, (_, i) => (i * turn) % 256));
      return [noise, reply.subarray(0, 2 + (turn % reply.length)), Buffer.alloc(5000, turn % 256)];
    });
    await runUntil(driver, ({ wrong }) => wrong >= 200);
    expectBalanced((await driver.stop()).counters);
  });
});

describe.skipIf(process.platform !== 'linux')('mmsg on several threads (Linux only)', () => {
  it('shares the load out, and asks no name twice', async () => {
    setup.io = 'mmsg';
    const names = new Set<string>();
    const driver = await driverAtServer(
      (query) => {
        names.add(query.toString('latin1', 12));
        return [honestReply(query)];
      },
      { drivers: 2, ratePerSec: 2000 },
    );
    await runUntil(driver, ({ answered }) => answered >= 1000);
    const { counters, latencyMs } = await driver.stop();
    expectBalanced(counters);
    expect(counters.answered).toBe(counters.intended);
    expect(names.size).toBe(counters.offered);
    expect(latencyMs.p50).toBeGreaterThan(0);
  });

  it('is chosen by itself where it works, and dgram where its thread cannot be started', async () => {
    const server = await serveUdp((query) => [honestReply(query)]);
    setup.cleanUps.push(server.close);
    for (const [worker, word] of [
      [WORKER, 'sendmmsg and recvmmsg'],
      [new URL('missing.js', WORKER), 'node:dgram, since'],
    ] as const) {
      setup.logged = [];
      const driver = await openDnsUdp(
        floodPlan(),
        parseLoopback(server.address),
        (line) => setup.logged.push(line),
        worker,
      );
      setup.cleanUps.push(driver.close);
      expect(setup.logged.join('\n')).toContain(word);
    }
  });
});
