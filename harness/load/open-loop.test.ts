import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOpenLoop, MAX_LATENESS_MS, type OpenLoop, TICK_MS } from './open-loop.js';

let now = 0;
let offered: number[] = [];
let expiredAt: number[] = [];
let inFlight = 0;

function loop(ratePerSec: number): OpenLoop {
  const work = {
    offer: (intendedMs: number) => offered.push(intendedMs),
    expire: (at: number) => expiredAt.push(at),
    inFlight: () => inFlight,
  };
  return createOpenLoop(ratePerSec, work, () => now);
}

/** Lets time pass as it does for an idle process: tick by tick. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += TICK_MS) {
    now += TICK_MS;
    vi.advanceTimersByTime(TICK_MS);
  }
}

describe('open loop', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    now = 1000;
    offered = [];
    expiredAt = [];
    inFlight = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('offers at the rate, whatever becomes of what it offered', () => {
    inFlight = 1_000_000;
    const running = loop(500);
    running.start();
    pass(2000);
    expect(offered).toHaveLength(1000);
    expect(running.schedule()).toEqual({ intended: 1000, dropped: 0 });
    running.close();
  });

  it('keeps intended = offered + dropped through a stall longer than it makes good', async () => {
    const running = loop(1000);
    running.start();
    now += MAX_LATENESS_MS + 500;
    pass(100);
    const stopped = running.stop();
    pass(TICK_MS);
    await stopped;
    const { intended, dropped } = running.schedule();
    expect(intended).toBe(MAX_LATENESS_MS + 600);
    expect(dropped).toBeGreaterThanOrEqual(500);
    expect(offered.length + dropped).toBe(intended);
  });

  it('gives an answer that came in during a stall the chance to be read before it expires', () => {
    const running = loop(1000);
    running.start();
    pass(TICK_MS);
    const beforeStall = now;
    now += 3000;
    vi.advanceTimersByTime(TICK_MS);
    expect(expiredAt.at(-1)).toBe(beforeStall);
    running.close();
  });

  it('has stopped when the backlog is offered and nothing is in flight', async () => {
    const running = loop(1000);
    running.start();
    pass(10);
    inFlight = 3;
    let done = false;
    const stopped = running.stop().then(() => {
      done = true;
    });
    pass(100);
    await Promise.resolve();
    expect(done).toBe(false);
    expect(offered).toHaveLength(10);
    inFlight = 0;
    pass(TICK_MS);
    await stopped;
    expect(vi.getTimerCount()).toBe(0);
  });
});
