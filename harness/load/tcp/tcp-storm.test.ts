import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import { expectBalanced, runUntil } from '../fixtures/flood-setup.js';
import { serveTcp, type TcpServer } from '../fixtures/tcp-server.js';
import type { LoadDriver } from '../load-driver.js';
import { openDriver } from '../open-driver.js';
import type { StormMode, TcpStormPlan } from '../plan.js';
import { stormModes } from './storm-modes.js';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** What a server saw of one connection. */
interface Seen {
  bytes: number;
  ended: boolean;
  reset: boolean;
}

async function watchingServer(): Promise<TcpServer & { readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = await serveTcp((socket: Socket) => {
    const one: Seen = { bytes: 0, ended: false, reset: false };
    seen.push(one);
    socket.on('data', (bytes) => {
      one.bytes += bytes.length;
    });
    socket.on('end', () => {
      one.ended = true;
    });
    socket.on('error', (error) => {
      one.reset = 'code' in error && error.code === 'ECONNRESET';
    });
  });
  cleanUps.push(server.close);
  return { ...server, seen };
}

async function stormAt(server: TcpServer, changes: Partial<TcpStormPlan> = {}): Promise<LoadDriver> {
  const plan: TcpStormPlan = {
    kind: 'tcp-storm',
    ratePerSec: 500,
    modes: { close: 1 },
    maxConnections: 1000,
    holdMs: 60_000,
    timeoutMs: 2000,
    seed: 3,
    zone: 'soak.test',
    upstream: floodPlan().upstream,
    ...changes,
  };
  const driver = await openDriver(plan, { tcp: server.address }, () => undefined);
  cleanUps.push(driver.close);
  return driver;
}

describe('tcp storm', () => {
  it.each<[StormMode, (seen: Seen) => boolean]>([
    ['close', ({ ended, bytes }) => ended && bytes === 0],
    ['reset', ({ reset, bytes }) => reset && bytes === 0],
    ['silent', ({ ended, bytes }) => !ended && bytes === 0],
    ['one-byte', ({ ended, bytes }) => !ended && bytes === 1],
    ['drip', ({ ended, bytes }) => !ended && bytes >= 1],
  ])('does what mode %s says', async (mode, matches) => {
    const server = await watchingServer();
    const driver = await stormAt(server, { modes: { [mode]: 1 } });
    await runUntil(driver, ({ answered }) => answered >= 30);
    await expect.poll(() => server.seen.slice(0, 20).every(matches)).toBe(true);
    const { counters, latencyMs } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: counters.intended, timeouts: 0, dropped: 0 });
    expect(latencyMs.p50).toBeGreaterThan(0);
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('goes on dripping for as long as it holds a connection, and then closes it', async () => {
    const server = await watchingServer();
    const driver = await stormAt(server, { modes: { drip: 1 }, maxConnections: 1, holdMs: 1500 });
    await runUntil(driver, ({ answered }) => answered >= 2);
    expect(server.seen[0]).toEqual({ bytes: 2, ended: true, reset: false });
  });

  it('holds no more connections than it is told, and counts the rest as dropped', async () => {
    const server = await watchingServer();
    const driver = await stormAt(server, { modes: { silent: 1 }, maxConnections: 25 });
    await runUntil(driver, ({ dropped }) => dropped >= 25);
    expect(server.open.size).toBe(25);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters.answered).toBe(25);
  });

  it('takes a target that closes as its right, and connects anew', async () => {
    const server = await serveTcp((socket) => socket.destroy());
    cleanUps.push(server.close);
    const driver = await stormAt(server, { modes: { silent: 1, drip: 1 }, maxConnections: 50 });
    await runUntil(driver, ({ answered }) => answered >= 200);
    expectBalanced((await driver.stop()).counters);
  });

  it('counts connections that nobody takes as timed out', async () => {
    const server = await watchingServer();
    server.close();
    const driver = await stormAt(server);
    await runUntil(driver, ({ timeouts }) => timeouts >= 50);
    const { counters } = await driver.stop();
    expectBalanced(counters);
    expect(counters).toMatchObject({ answered: 0, timeouts: counters.intended });
    expect(await driver.probe(1000)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  it('probes by connecting', async () => {
    const driver = await stormAt(await watchingServer());
    expect(await driver.probe(1000)).toMatchObject({ ok: true });
  });

  it('refuses a target on another machine, unless it is named', async () => {
    const server = await watchingServer();
    const elsewhere = { ...server, address: '192.0.2.1:53' };
    await expect(stormAt(elsewhere)).rejects.toThrow(/this machine only.*--allow-remote 192\.0\.2\.1/);
    await expect(stormAt(elsewhere, { allowRemote: ['192.0.2.1'] })).resolves.toBeDefined();
  });
});

describe('storm modes', () => {
  it('come in their proportions, the same for the same seed', () => {
    const draw = (seed: number): StormMode[] => {
      const next = stormModes({ close: 3, drip: 1 }, seed);
      return Array.from({ length: 4000 }, next);
    };
    expect(draw(1)).toEqual(draw(1));
    const drips = draw(1).filter((mode) => mode === 'drip').length;
    expect(Math.abs(drips - 1000)).toBeLessThan(150);
    expect(new Set(draw(1))).toEqual(new Set(['close', 'drip']));
  });

  it('are refused without a weight, or with one that is none', () => {
    expect(() => stormModes({}, 1)).toThrow(/modes names none/);
    expect(() => stormModes({ silent: -1 }, 1)).toThrow(/modes\.silent is -1/);
    expect(() => stormModes({ slow: 1 } as never, 1)).toThrow(/modes\.slow/);
  });
});
