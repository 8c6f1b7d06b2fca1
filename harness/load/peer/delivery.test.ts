import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../core/random.js';
import { parseLoopback } from '../loopback-address.js';
import { shuffledIndexes } from './shuffle.js';
import { createShuffledDelivery } from './shuffled-delivery.js';
import { sourceAddresses } from './source-addresses.js';
import { createTimeQueue } from './time-queue.js';

describe('a queue of times', () => {
  it('gives back what it took, in the order it came, however it grows and turns', () => {
    const queue = createTimeQueue();
    const expected: number[] = [];
    for (let k = 0; k < 1000; k++) {
      queue.push(k);
      expected.push(k);
      if (k % 3 === 0) expect(queue.shift()).toBe(expected.shift());
    }
    expect(queue.length).toBe(expected.length);
    expect(queue.first()).toBe(expected[0]);
    expect(Array.from(expected, () => queue.shift())).toEqual(expected);
    expect([queue.first(), queue.shift(), queue.length]).toEqual([undefined, undefined, 0]);
  });
});

describe('shuffled indexes', () => {
  it('come to every one, none sooner than the depth allows', () => {
    const next = shuffledIndexes(1000, 200, seededRandom(1));
    const drawn = Array.from({ length: 1000 }, next);
    const early = drawn.slice(0, 800).map((index, place) => index - place);
    expect(Math.max(...early)).toBeLessThanOrEqual(200);
    expect(Math.max(...early)).toBeGreaterThan(150);
    expect(Math.min(...early)).toBeLessThan(-150);
    expect(new Set([...drawn, ...Array.from({ length: 4000 }, next)]).size).toBe(1000);
  });
});

describe('a shuffled delivery', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const delivery = (depth: number): { readonly seen: number[]; hold(k: number): void; close(): void } => {
    const seen: number[] = [];
    const { hold, close } = createShuffledDelivery({ depth, delayMs: 100, random: seededRandom(2) });
    return { seen, hold: (k) => hold(() => seen.push(k)), close };
  };

  it('holds back as many as it is told, out of order, each once', () => {
    const { seen, hold } = delivery(50);
    for (let k = 0; k < 500; k++) hold(k);
    expect(seen.length).toBe(450);
    vi.advanceTimersByTime(100);
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, k) => k));
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
  });

  it('holds nothing for longer than its delay, and delivers nothing after its end', () => {
    const { seen, hold, close } = delivery(50);
    hold(1);
    vi.advanceTimersByTime(99);
    expect(seen).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(seen).toEqual([1]);
    hold(2);
    close();
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([1]);
  });
});

describe('source addresses', () => {
  const here = parseLoopback('127.0.0.1:1');
  const onLinux = process.platform === 'linux';

  it.runIf(onLinux)('differ until they are used up, and roles share none', () => {
    const attacker = sourceAddresses('attacker', here);
    const many = Array.from({ length: 70_000 }, attacker);
    expect(new Set(many).size).toBe(70_000);
    expect(many[0]).toBe('127.64.0.1');
    const few = sourceAddresses('attacker', here, 3);
    expect(Array.from({ length: 4 }, few)).toEqual(['127.64.0.1', '127.64.0.2', '127.64.0.3', '127.64.0.1']);
    const honest = new Set(Array.from({ length: 70_000 }, sourceAddresses('honest', here)));
    expect(many.filter((address) => honest.has(address))).toEqual([]);
  });

  it("are the system's choice where one cannot choose", () => {
    expect(sourceAddresses('probe', parseLoopback('[::1]:1'))()).toBeNull();
    expect(sourceAddresses('probe', parseLoopback('192.0.2.1:1', ['192.0.2.1']))()).toBeNull();
  });
});
