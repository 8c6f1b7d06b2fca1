import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../endpoint.js';
import { BAN_MS, RecentBans } from './banned-ips.js';
import { SharedNewPeers } from './new-peers.js';
import { RotatingSeenBlocks } from './seen-blocks.js';
import { UnboundedBans } from './unbounded-bans.js';
import { UnboundedNewPeers } from './unbounded-new-peers.js';
import { UnboundedSeenBlocks } from './unbounded-seen-blocks.js';

const held = () => true;

describe('rotating seen blocks', () => {
  it('knows what was verified, and not what was only claimed', () => {
    const seen = new RotatingSeenBlocks(10);
    expect(seen.isRepeated('A', held)).toBe(false);
    expect(seen.isRepeated('A', held)).toBe(false);
    seen.verified('A');
    expect(seen.isRepeated('A', held)).toBe(true);
  });

  it('lets a block pass that was verified once and is gone', () => {
    const seen = new RotatingSeenBlocks(10);
    seen.verified('A');
    expect(seen.isRepeated('A', () => false)).toBe(false);
  });

  it('knows at least the newest half of its limit at any time, and never more than the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 200 }), (limit, count) => {
        const seen = new RotatingSeenBlocks(limit);
        for (let index = 0; index < count; index += 1) {
          seen.verified(`${index}`);
          expect(seen.size().entries).toBeLessThanOrEqual(limit);
          for (let back = 0; back < Math.min(Math.floor(limit / 2), index + 1); back += 1) {
            expect(seen.isRepeated(`${index - back}`, held)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('unbounded seen blocks', () => {
  it('keeps every hash that is claimed, and drops the real block that comes later', () => {
    const seen = new UnboundedSeenBlocks();
    for (let index = 0; index < 20_000; index += 1) seen.isRepeated(`${index}`);
    expect(seen.size()).toMatchObject({ entries: 20_000, limit: null });
    expect(seen.isRepeated('19999')).toBe(true);
  });
});

const peer = (number: number): Endpoint => ({ address: `127.1.${number >> 8}.${number & 255}`, port: 4244 });
const peers = (from: number, count: number): Endpoint[] =>
  Array.from({ length: count }, (_, index) => peer(from + index));

describe('shared new peers', () => {
  it('gives addresses in the order in which they came, each once', () => {
    const list = new SharedNewPeers(100);
    list.offer([peer(9), peer(3), peer(9)], 'a');
    list.offer([peer(3), peer(1)], 'b');
    expect([list.take(), list.take(), list.take(), list.take()]).toEqual([peer(9), peer(3), peer(1), null]);
  });

  it('leaves the others their share, whatever one tells of', () => {
    const list = new SharedNewPeers(100);
    list.offer(peers(5000, 5), 'honest');
    for (let turn = 0; turn < 100; turn += 1) list.offer(peers(turn * 15, 15), 'liar');
    expect(list.size()).toMatchObject({ entries: 15, limit: 100 });
    expect(list.take()).toEqual(peer(5000));
  });

  it('is never longer than its limit, and drops the oldest of all when many tell of many', () => {
    const list = new SharedNewPeers(30);
    for (let teller = 0; teller < 50; teller += 1) list.offer(peers(teller * 3, 3), `teller${teller}`);
    expect(list.size().entries).toBe(30);
    expect(list.take()).toEqual(peer(120));
  });
});

describe('unbounded new peers', () => {
  it('keeps every address once, and gives the lowest', () => {
    const list = new UnboundedNewPeers();
    list.offer([...peers(200, 1500), ...peers(100, 1500)]);
    expect(list.size()).toMatchObject({ entries: 1600, limit: null });
    expect(list.take()).toEqual({ address: '127.1.0.100', port: 4244 });
  });
});

describe('recent bans', () => {
  it('last ten minutes, for an IPv4 address or the /64 of an IPv6 address', () => {
    let now = 0;
    const bans = new RecentBans(10, () => now);
    bans.ban('127.0.0.1');
    bans.ban('2001:db8:1:2::1');
    expect(['127.0.0.1', '127.0.0.2'].map((each) => bans.has(each))).toEqual([true, false]);
    expect(['2001:db8:1:2:ffff::9', '2001:db8:1:3::1'].map((each) => bans.has(each))).toEqual([true, false]);
    now = BAN_MS;
    expect(bans.has('127.0.0.1')).toBe(false);
    expect(bans.size()).toMatchObject({ entries: 0 });
  });

  it('are the newest ones up to the limit', () => {
    const bans = new RecentBans(3, () => 0);
    for (const address of ['a', 'b', 'c', 'a', 'd']) bans.ban(address);
    expect(['a', 'b', 'c', 'd'].map((each) => bans.has(each))).toEqual([true, false, true, true]);
  });
});

describe('unbounded bans', () => {
  it('are all there for ten minutes', () => {
    let now = 1;
    const bans = new UnboundedBans(() => now);
    for (let index = 0; index < 5000; index += 1) bans.ban(`${index}`);
    expect(bans.size()).toMatchObject({ entries: 5000, limit: null });
    now = BAN_MS;
    expect(bans.has('4999')).toBe(true);
    now += 1;
    expect(bans.has('4999')).toBe(true);
    now += 500;
    expect(bans.has('4999')).toBe(false);
  });
});
