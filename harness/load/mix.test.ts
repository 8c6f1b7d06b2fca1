import { afterEach, describe, expect, it } from 'vitest';
import { expectBalanced, honestReply, runUntil } from './fixtures/flood-setup.js';
import { serveTcp } from './fixtures/tcp-server.js';
import { serveUdp } from './fixtures/udp-server.js';
import type { LoadDriver } from './load-driver.js';
import { openDriver } from './open-driver.js';
import type { MixPlan } from './plan.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

const PLAN: MixPlan = {
  kind: 'mix',
  ratePerSec: 300,
  timeoutMs: 2_000,
  seed: 1,
  parts: [
    {
      kind: 'dns-udp-flood',
      io: 'dgram',
      ratePerSec: 200,
      zone: 'soak.test',
      seed: 1,
      timeoutMs: 2_000,
      acceptedRcodes: ['NOERROR'],
      upstream: null,
    },
    {
      kind: 'tcp-storm',
      ratePerSec: 100,
      modes: { close: 1 },
      maxConnections: 100,
      holdMs: 1_000,
      timeoutMs: 2_000,
      seed: 1,
      zone: 'soak.test',
      upstream: null,
    },
  ],
  upstream: null,
};

async function openMixed(): Promise<{ driver: LoadDriver; accepted: () => number }> {
  const udp = await serveUdp((query) => [honestReply(query)]);
  const tcp = await serveTcp((socket) => socket.resume());
  cleanUps.push(udp.close, tcp.close);
  const driver = await openDriver(PLAN, { dns: udp.address, tcp: tcp.address }, () => undefined);
  cleanUps.push(driver.close);
  return { driver, accepted: tcp.accepted };
}

describe('a mix', () => {
  it('lets its parts go together and counts their sum', async () => {
    const { driver, accepted } = await openMixed();
    await runUntil(driver, ({ answered }) => answered >= 150);
    const { counters, latencyMs, generator } = await driver.stop();
    expectBalanced(counters);
    expect(accepted()).toBeGreaterThan(20);
    expect(counters.answered).toBeGreaterThan(accepted());
    expect(counters.answered).toBe(counters.offered);
    expect(latencyMs.p99).toBeGreaterThan(0);
    expect(generator?.io).toBe('dgram+tcp');
  });

  it('is probed as its first part is', async () => {
    const { driver } = await openMixed();
    expect(await driver.probe(1_000)).toMatchObject({ ok: true, message: expect.stringMatching(/probe-1/) });
  });

  it('opens nothing where one part cannot be opened', async () => {
    const udp = await serveUdp(() => []);
    cleanUps.push(udp.close);
    await expect(openDriver(PLAN, { dns: udp.address }, () => undefined)).rejects.toThrow(/no "tcp" address/);
  });
});
