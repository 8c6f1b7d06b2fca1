import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../endpoint.js';
import { DialPlan } from './dial-plan.js';
import { SharedNewPeers } from './new-peers.js';

const peer = (number: number): Endpoint => ({ address: '127.0.0.1', port: number });

function plan(configured: readonly Endpoint[], told: readonly Endpoint[] = []) {
  const time = { now: 0 };
  const newPeers = new SharedNewPeers(1000);
  for (const each of told) newPeers.offer([each], `teller${each.port}`);
  return { time, plan: new DialPlan(configured, newPeers, 1000, () => time.now) };
}

describe('dial plan', () => {
  it('dials what is configured first, each once as long as the connection is open', () => {
    const { plan: dials } = plan([peer(1), peer(2)], [peer(3)]);
    expect([dials.takeKnown(), dials.takeKnown(), dials.takeKnown()]).toEqual([peer(1), peer(2), null]);
    expect([dials.takeNew(), dials.takeNew()]).toEqual([peer(3), null]);
  });

  it('waits twice as long after each failure, a minute at most, and never gives up what is configured', () => {
    const { plan: dials, time } = plan([peer(1)]);
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure += 1) {
      expect(dials.takeKnown()).toEqual(peer(1));
      dials.closed(peer(1), false);
      const start = time.now;
      while (time.now < start + 100_000) {
        time.now += 500;
        const taken = dials.takeKnown();
        if (taken === null) continue;
        waits.push(time.now - start);
        dials.closed(taken, true);
        time.now += 100_000;
        break;
      }
    }
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('starts over with its waits when a peer was there', () => {
    const { plan: dials, time } = plan([peer(1)]);
    for (let failure = 0; failure < 4; failure += 1) {
      time.now += 100_000;
      dials.takeKnown();
      dials.closed(peer(1), false);
    }
    time.now += 100_000;
    dials.takeKnown();
    dials.ready(peer(1));
    dials.closed(peer(1), true);
    time.now += 1000;
    expect(dials.takeKnown()).toEqual(peer(1));
  });

  it('remembers those that were found to be there, until they fail five times', () => {
    const { plan: dials, time } = plan([], [peer(7)]);
    expect(dials.takeNew()).toEqual(peer(7));
    dials.ready(peer(7));
    dials.closed(peer(7), true);
    for (let failure = 0; failure < 5; failure += 1) {
      time.now += 100_000;
      expect(dials.takeKnown()).toEqual(peer(7));
      dials.closed(peer(7), false);
    }
    time.now += 100_000;
    expect(dials.takeKnown()).toBeNull();
  });

  it('forgets the oldest of many, and none that is configured', () => {
    const { plan: dials } = plan([peer(1)]);
    dials.takeKnown();
    for (let port = 100; port < 300; port += 1) {
      dials.ready(peer(port));
      dials.closed(peer(port), true);
    }
    expect(dials.structures().at(-1)).toMatchObject({ name: 'known_peers', entries: 64, limit: 64 });
  });

  it('leaves alone for ten minutes what is no use, or for good', () => {
    const { plan: dials, time } = plan([peer(1)], [peer(2)]);
    dials.takeKnown();
    dials.useless(peer(1));
    dials.closed(peer(1), false);
    time.now = 599_999;
    expect(dials.takeKnown()).toBeNull();
    time.now = 600_000;
    expect(dials.takeKnown()).toEqual(peer(1));
    dials.ready(peer(2));
    dials.useless(peer(2));
    time.now += 600_000;
    expect(dials.takeKnown()).toBeNull();
  });

  it('does not dial again what it knows already because others tell of it', () => {
    const { plan: dials } = plan([peer(1)], [peer(1), peer(2)]);
    expect([dials.takeNew(), dials.takeNew()]).toEqual([null, peer(2)]);
  });
});
