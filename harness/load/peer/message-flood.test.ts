import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runUntil } from '../fixtures/flood-setup.js';
import { serveTcp } from '../fixtures/tcp-server.js';
import { alfis, burst, driverAt, exchange, stopBalanced, tearDown } from './fixtures/peer-plans.js';
import { introduce } from './identity.js';
import { acceptPeer } from './peer-connection.js';
import { createPeerKeys } from './wire/peer-keys.js';

afterEach(tearDown);

describe('a burst of blocks', () => {
  it('arrives, block by block, and each is answered for', async () => {
    const node = await alfis({ keeps: ['blocks'] });
    const driver = await driverAt(node, burst());
    await runUntil(driver, ({ answered }) => answered >= 300);
    const counters = await stopBalanced(driver);
    expect(counters).toMatchObject({ answered: counters.intended, wrong: 0, timeouts: 0, dropped: 0 });
    expect(node.seen.blocks).toBe(counters.offered);
    const indexes = node.kept.blocks.map(({ index }) => Number(index));
    expect(new Set(indexes).size).toBe(indexes.length);
    expect(Math.min(...indexes)).toBeGreaterThan(2 ** 32);
    await expect.poll(node.open).toBe(0);
  });

  it('of honest blocks is out of order, and comes to every block', async () => {
    const node = await alfis({ keeps: ['blocks'] });
    const driver = await driverAt(node, burst({ parts: { shuffled: 1 }, connections: 1 }));
    await runUntil(driver, ({ answered }) => answered >= 300);
    await driver.stop();
    const indexes = node.kept.blocks.map(({ index }) => Number(index));
    expect([...new Set(indexes)].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, k) => k + 1));
    const moved = indexes.slice(0, 60).filter((index, place) => index !== place + 1);
    expect(moved.length).toBeGreaterThan(30);
  });

  it('goes on with another connection, from another address, when the target ends one', async () => {
    const node = await alfis({ banAfter: 5 });
    const driver = await driverAt(node, burst({ parts: { junk: 1, gap: 1, maximal: 1 } }));
    await runUntil(driver, ({ answered }) => answered >= 500);
    const counters = await stopBalanced(driver);
    expect(counters).toMatchObject({ wrong: 0, timeouts: 0, dropped: 0 });
    expect(node.seen.connections).toBeGreaterThan(10);
    if (process.platform === 'linux') expect(node.seen.sources.size).toBeGreaterThan(10);
    expect(await driver.probe(1000)).toMatchObject({ ok: true });
  });

  it('counts what a target that reads nothing leaves as timed out, and keeps little of it', async () => {
    const server = await serveTcp((socket) => socket.pause());
    const driver = await driverAt(server, burst({ timeoutMs: 300 }));
    await runUntil(driver, ({ timeouts }) => timeouts >= 100);
    const counters = await stopBalanced(driver);
    expect(counters).toMatchObject({ answered: 0, dropped: 0 });
    expect(await driver.probe(200)).toEqual({
      ok: false,
      message: `${server.address}: no Shake within 200 ms; it said nothing`,
    });
    server.close();
  });

  it('reaches a target that reads one message at a time, too', async () => {
    const node = await alfis({ oneByOne: true });
    const driver = await driverAt(
      node,
      burst({ ratePerSec: 200, parts: { 'far-future': 9, 'lying-height': 1 } }),
    );
    await runUntil(driver, ({ answered }) => answered >= 300);
    const { counters, generator } = await driver.stop();
    expect(counters).toMatchObject({ answered: counters.intended, timeouts: 0 });
    expect(node.seen.blocks).toBeGreaterThan(counters.intended * 0.8);
    expect(generator?.io).toBe('peer-one-by-one');
  });

  it('has a liar beside it where it lies, who claims too much as long as the load is on', async () => {
    const node = await alfis();
    const driver = await driverAt(
      node,
      burst({ parts: { 'far-future': 1, 'lying-height': 1 }, connections: 1 }),
    );
    await runUntil(driver, ({ answered }) => answered >= 50);
    expect(node.seen.claims).toBeGreaterThan(10);
    expect([...node.seen.sources].some((address) => address.startsWith('127.3.'))).toBe(
      process.platform === 'linux',
    );
    expect(node.open()).toBe(2);
    await driver.stop();
    await expect.poll(node.open).toBe(0);
  });

  it('is refused without a weight, or with a part that there is not', async () => {
    const node = await alfis();
    await expect(driverAt(node, burst({ parts: {} }))).rejects.toThrow(/parts names none/);
    await expect(driverAt(node, burst({ parts: { lies: 1 } as never }))).rejects.toThrow(/parts\.lies/);
  });

  it('refuses a target on another machine', async () => {
    await expect(driverAt({ address: '192.0.2.1:4244' }, burst())).rejects.toThrow(/this machine only/);
  });
});

describe('an exchange of peers', () => {
  it('names addresses of this machine, none twice', async () => {
    const node = await alfis({ keeps: ['addresses'] });
    const driver = await driverAt(node, exchange());
    await runUntil(driver, ({ answered }) => answered >= 50);
    const { offered } = await stopBalanced(driver);
    expect(node.kept.addresses.length).toBe(50 * offered);
    expect(new Set(node.kept.addresses).size).toBe(node.kept.addresses.length);
    for (const address of node.kept.addresses) expect(address).toMatch(/^127\.\d+\.\d+\.\d+:[1-6]$/);
  });

  it('names addresses that nobody answers at', async () => {
    const node = await alfis({ keeps: ['addresses'] });
    const driver = await driverAt(node, exchange());
    await runUntil(driver, ({ answered }) => answered >= 1);
    await driver.stop();
    const [host = '', port] = node.kept.addresses[0]?.split(':') ?? [];
    const refused = new Promise((resolve) => {
      connect({ host, port: Number(port) }).on('error', (error) => resolve('code' in error && error.code));
    });
    expect(await refused).toBe('ECONNREFUSED');
  });
});

/** A length of 0 XOR 0xAAAA. */
const EMPTY_FRAME = Buffer.of(0xaa, 0xaa);

describe('a target that speaks nonsense', () => {
  it('is counted as wrong, for what it was sent before, and called again', async () => {
    let calls = 0;
    const server = await serveTcp((socket) => {
      calls++;
      const peer = acceptPeer(socket, createPeerKeys(), {
        onKeyed: () => undefined,
        onMessage({ kind }) {
          if (kind === 'Hand') peer.send({ kind: 'Shake', ...introduce(burst().identity), height: 0 });
          else if (kind === 'Ping') socket.write(EMPTY_FRAME);
        },
        onClose: () => undefined,
      });
    });
    const driver = await driverAt(server, burst());
    await runUntil(driver, ({ wrong }) => wrong >= 20);
    const counters = await stopBalanced(driver);
    expect(counters).toMatchObject({ timeouts: 0, dropped: 0 });
    expect(calls).toBeGreaterThan(3);
    server.close();
  });
});
