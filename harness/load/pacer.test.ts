import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantRate } from './arrivals.js';
import { createPacer, type Pacer } from './pacer.js';

function pacer(ratePerSec: number, limits: { maxLatenessMs?: number; maxBurst?: number } = {}): Pacer {
  return createPacer({
    arrivals: constantRate(ratePerSec),
    startMs: 0,
    maxLatenessMs: 1000,
    maxBurst: 1000,
    ...limits,
  });
}

function takeAll(schedule: Pacer, nowMs: number): number[] {
  return Array.from({ length: schedule.step(nowMs).due }, () => schedule.take());
}

describe('pacer', () => {
  it('intends arrival k at k intervals after the start', () => {
    const schedule = createPacer({
      arrivals: constantRate(100),
      startMs: 5000,
      maxLatenessMs: 1000,
      maxBurst: 10,
    });
    expect(takeAll(schedule, 5009)).toEqual([]);
    expect(takeAll(schedule, 5030)).toEqual([5010, 5020, 5030]);
  });

  it('keeps the average rate exact over two days of a rate that does not divide a millisecond', () => {
    const schedule = pacer(333);
    const twoDaysMs = 48 * 3600 * 1000;
    for (let now = 0; now <= twoDaysMs; now += 10_007) schedule.step(now);
    schedule.step(twoDaysMs);
    expect(schedule.intended()).toBe(333 * 48 * 3600);
    while (schedule.backlog() > 0) schedule.take();
    schedule.step(twoDaysMs + 4);
    expect(schedule.take()).toBeCloseTo(twoDaysMs + 1000 / 333, 3);
  });

  it('catches up after a stall in bursts, oldest first', () => {
    const schedule = pacer(1000, { maxBurst: 4 });
    expect(takeAll(schedule, 10)).toEqual([1, 2, 3, 4]);
    expect(takeAll(schedule, 10)).toEqual([5, 6, 7, 8]);
    expect(takeAll(schedule, 10)).toEqual([9, 10]);
    expect(schedule.backlog()).toBe(0);
  });

  it('gives up and counts what is later than the limit, and keeps the newest', () => {
    const schedule = pacer(1000, { maxLatenessMs: 100 });
    expect(schedule.step(500)).toEqual({ due: 100, dropped: 400 });
    expect(schedule.take()).toBe(401);
  });

  it('intends nothing after its end, and still hands out what was due', () => {
    const schedule = pacer(1000, { maxBurst: 3 });
    schedule.end(5);
    expect(takeAll(schedule, 100)).toEqual([1, 2, 3]);
    expect(takeAll(schedule, 200)).toEqual([4, 5]);
    expect(schedule.intended()).toBe(5);
  });

  it('hands out again what was put back, and names the time of what comes next', () => {
    const schedule = pacer(1000);
    expect(takeAll(schedule, 3)).toEqual([1, 2, 3]);
    expect(schedule.nextMs()).toBe(4);
    schedule.putBack(2);
    expect(schedule.nextMs()).toBe(2);
    expect(takeAll(schedule, 3)).toEqual([2, 3]);
    expect(schedule.backlog()).toBe(0);
  });

  it('never forgets an arrival, however the steps fall', () => {
    const steps = fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.double({ min: 0.1, max: 50_000, noNaN: true }), (waits, rate) => {
        const schedule = pacer(rate, { maxBurst: 64 });
        let now = 0;
        let taken = 0;
        let dropped = 0;
        for (const wait of waits) {
          now += wait;
          const step = schedule.step(now);
          dropped += step.dropped;
          for (let i = 0; i < step.due; i++) expect(schedule.take()).toBeLessThanOrEqual(now + 1e-6);
          taken += step.due;
        }
        expect(taken + dropped + schedule.backlog()).toBe(schedule.intended());
      }),
    );
  });
});
