import { describe, expect, it } from 'vitest';
import { constantRate } from './arrivals.js';
import { closedOffers, openOffers } from './offers.js';

describe('open offers', () => {
  it('are due at their times, in steps of a quarter of a millisecond', () => {
    const offers = openOffers(constantRate(10_000), 0);
    expect(offers.due(0.05)).toBe(0);
    expect(offers.nextMs()).toBeCloseTo(0.3);
    expect(offers.due(0.2)).toBe(0);
    expect(offers.due(0.31)).toBe(3);
    expect([offers.take(0.31), offers.take(0.31)]).toEqual([0.1, 0.2]);
    expect(offers.due(0.32)).toBe(1);
  });

  it('hand out again what could not be sent', () => {
    const offers = openOffers(constantRate(1000), 0);
    expect(offers.due(3)).toBe(3);
    for (let i = 0; i < 3; i++) offers.take(3);
    offers.putBack(2);
    expect(offers.due(3)).toBe(2);
    expect(offers.take(3)).toBe(2);
  });

  it('are over when an ended schedule has handed out everything', () => {
    const offers = openOffers(constantRate(1000), 0);
    offers.due(2);
    expect(offers.isOver()).toBe(false);
    offers.end(2);
    expect(offers.isOver()).toBe(false);
    offers.take(2);
    offers.take(2);
    expect(offers.isOver()).toBe(true);
    expect(offers.due(1000)).toBe(0);
    expect(offers.schedule()).toEqual({ intended: 2, dropped: 0 });
  });

  it('give up and count what a stall made too late', () => {
    const offers = openOffers(constantRate(1000), 0);
    offers.due(5000);
    expect(offers.schedule()).toEqual({ intended: 5000, dropped: 4000 });
  });
});

describe('closed offers', () => {
  it('are as many as are missing to what shall be in flight, each due when it is taken', () => {
    let inFlight = 0;
    const offers = closedOffers(3, () => inFlight);
    expect(offers.due(7)).toBe(3);
    expect(offers.take(7)).toBe(7);
    inFlight = 2;
    expect(offers.due(8)).toBe(1);
    inFlight = 5;
    expect(offers.due(8)).toBe(0);
    expect(offers.nextMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('count what was taken and not put back, and end at once', () => {
    const offers = closedOffers(3, () => 0);
    for (let i = 0; i < 3; i++) offers.take(1);
    offers.putBack(1);
    expect(offers.schedule()).toEqual({ intended: 2, dropped: 0 });
    offers.end(2);
    expect([offers.isOver(), offers.due(3)]).toEqual([true, 0]);
  });
});
