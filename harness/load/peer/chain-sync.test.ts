import { afterEach, describe, expect, it } from 'vitest';
import { parseLoopback } from '../loopback-address.js';
import { makeChain } from './chain/make-chain.js';
import { alfis, stopBalanced, sync, syncAt, tearDown } from './fixtures/peer-plans.js';
import { callPeer } from './peer-probe.js';
import { createPeerKeys } from './wire/peer-keys.js';

afterEach(tearDown);

describe('a synchronisation', () => {
  it('comes to the full height and the same last block, out of order, with losses and under attack', async () => {
    const node = await alfis();
    const logged: string[] = [];
    const { driver } = await syncAt(node, sync(), (line) => logged.push(line));
    expect(await driver.probe(1000)).toMatchObject({ ok: true, message: expect.stringMatching(/height 0/) });
    driver.start();
    const outcome = await driver.probe(10_000);
    expect(outcome.message).toMatch(/has all 60 blocks and the same last block, after \d+ requests for 60/);
    expect(outcome.ok).toBe(true);
    expect(node.own()).toEqual({ height: 60, hash: makeChain(sync().chain).tip });
    expect(node.seen.bad).toBe(0);
    await expect.poll(() => driver.tick().counters.answered).toBeGreaterThan(100);
    expect(await stopBalanced(driver)).toMatchObject({ wrong: 0, timeouts: 0, dropped: 0 });
    await driver.stop();
    expect(logged.at(-1)).toMatch(/has all 60 blocks and the same last block, after \d+ .* told height \d+/);
    expect(node.seen.unasked).toBeGreaterThan(50);
  });

  it('that stands still fails its probe, with how far it came', async () => {
    const node = await alfis();
    const { driver } = await syncAt(node, sync({ loss: 1 }));
    driver.start();
    const { ok, message } = await driver.probe(2000);
    expect(ok).toBe(false);
    expect(message).toMatch(/is at height 0 of 60, after \d+ requests for 60 blocks \(\d+ again, \d+ lost/);
  });

  it('can be had by calling the honest peers, too', async () => {
    const node = await alfis();
    const { upstream } = await syncAt(node, sync());
    const call = { to: parseLoopback(upstream), identity: sync().identity, keys: createPeerKeys() };
    const chain = makeChain(sync().chain);
    expect(await callPeer(call, 1000, true)).toMatchObject({ height: 60, hash: chain.tip });
  });
});
