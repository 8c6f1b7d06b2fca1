import { afterEach, describe, expect, it } from 'vitest';
import { runUntil } from '../fixtures/flood-setup.js';
import { serveTcp } from '../fixtures/tcp-server.js';
import { alfis, churn, driverAt, stopBalanced, tearDown } from './fixtures/peer-plans.js';
import type { ChurnMode } from './peer-plan.js';

afterEach(tearDown);

describe('a churn of peers', () => {
  it.each<[ChurnMode, { readonly keyed: boolean; readonly hands: boolean; readonly stays: boolean }]>([
    ['handshake', { keyed: true, hands: true, stays: false }],
    ['stay', { keyed: true, hands: true, stays: true }],
    ['stranger', { keyed: true, hands: true, stays: false }],
    ['silent', { keyed: false, hands: false, stays: true }],
    ['half', { keyed: false, hands: false, stays: true }],
    ['mute', { keyed: true, hands: false, stays: true }],
  ])('does what mode %s says', async (mode, expected) => {
    const node = await alfis({ keeps: ['connections'] });
    const driver = await driverAt(node, churn({ modes: { [mode]: 1 } }));
    await runUntil(driver, ({ answered }) => answered >= 60);
    await expect.poll(() => node.open() >= 60).toBe(expected.stays);
    const counters = await stopBalanced(driver);
    await expect.poll(() => node.seen.connections).toBe(counters.offered);
    const { connections, keyed, hands } = node.seen;
    expect(keyed).toBe(expected.keyed ? connections : 0);
    expect(hands).toBe(expected.hands ? keyed : 0);
    expect(counters).toMatchObject({ answered: counters.intended, timeouts: 0, dropped: 0 });
    await expect.poll(node.open).toBe(0);
  });

  it('comes from as many addresses as it is told', async () => {
    const node = await alfis();
    const driver = await driverAt(node, churn({ sources: 20 }));
    await runUntil(driver, ({ answered }) => answered >= 60);
    await driver.stop();
    expect(node.seen.sources.size).toBe(process.platform === 'linux' ? 20 : 1);
  });

  it('stays from addresses of their own, as many as it is told', async () => {
    const node = await alfis();
    const plan = churn({ modes: { handshake: 1, stay: 1 }, sources: 10, staySources: 3 });
    const driver = await driverAt(node, plan);
    await runUntil(driver, ({ answered }) => answered >= 80);
    await driver.stop();
    const sources = [...node.seen.sources];
    const lodgers = sources.filter((address) => address.startsWith('127.4.'));
    expect([sources.length, lodgers.length]).toEqual(process.platform === 'linux' ? [13, 3] : [1, 0]);
  });

  it('holds no more connections than it is told, and ends each in its time', async () => {
    const node = await alfis();
    const driver = await driverAt(node, churn({ modes: { stay: 1 }, maxConnections: 10, stayMs: 300 }));
    await runUntil(driver, ({ answered, dropped }) => answered >= 25 && dropped > 0);
    expect(node.open()).toBeLessThanOrEqual(10);
    await stopBalanced(driver);
  });

  it('takes being turned away as an answer, and no answer at all as a timeout', async () => {
    let count = 0;
    const away = await serveTcp((socket) =>
      ++count % 2 === 0 ? socket.destroy() : socket.resetAndDestroy(),
    );
    const turned = await driverAt(away, churn());
    await runUntil(turned, ({ answered }) => answered >= 50);
    expect(await stopBalanced(turned)).toMatchObject({ timeouts: 0 });
    expect(await turned.probe(1000)).toMatchObject({ ok: false });
    away.close();
    const deaf = await serveTcp(() => undefined);
    const waiting = await driverAt(deaf, churn({ timeoutMs: 200 }));
    await runUntil(waiting, ({ timeouts }) => timeouts >= 50);
    expect(await stopBalanced(waiting)).toMatchObject({ answered: 0 });
    deaf.close();
  });
});
