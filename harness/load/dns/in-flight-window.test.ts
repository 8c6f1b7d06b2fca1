import { describe, expect, it } from 'vitest';
import { createInFlightWindow, type InFlightWindow } from './in-flight-window.js';

function sent(window: InFlightWindow, sequence: number, deadlineMs: number): number {
  const slot = window.open(sequence, deadlineMs - 100, deadlineMs);
  if (slot === null) throw new Error('the window is full');
  window.confirm(slot);
  return slot;
}

describe('in-flight window', () => {
  it('knows what a slot waits for until it is released', () => {
    const window = createInFlightWindow(4);
    const slot = sent(window, 17, 200);
    expect([window.isWaiting(slot), window.sequenceOf(slot), window.intendedMsOf(slot)]).toEqual([
      true,
      17,
      100,
    ]);
    window.release(slot);
    expect(window.isWaiting(slot)).toBe(false);
    expect(window.size()).toBe(0);
  });

  it('waits for nothing before the send is confirmed', () => {
    const window = createInFlightWindow(4);
    const slot = window.open(1, 0, 10) as number;
    expect(window.isWaiting(slot)).toBe(false);
    expect(window.expire(1000)).toBe(0);
    window.confirm(slot);
    expect(window.expire(1000)).toBe(1);
  });

  it('refuses when it is full and goes on when the oldest is released', () => {
    const window = createInFlightWindow(2);
    const oldest = sent(window, 0, 100);
    sent(window, 1, 101);
    expect(window.open(2, 0, 102)).toBeNull();
    window.release(oldest);
    expect(window.open(2, 0, 102)).toBe(oldest);
  });

  it('expires in send order, once, and only what is due', () => {
    const window = createInFlightWindow(8);
    const slots = [100, 110, 120].map((deadline, i) => sent(window, i, deadline));
    window.release(slots[0] as number);
    expect(window.expire(110)).toBe(1);
    expect(window.expire(110)).toBe(0);
    expect(window.size()).toBe(1);
    expect(window.isWaiting(slots[1] as number)).toBe(false);
  });

  it('hands a slot out again only after a full turn', () => {
    const window = createInFlightWindow(4);
    const slots = Array.from({ length: 5 }, (_, i) => {
      const slot = sent(window, i, 100 + i);
      window.release(slot);
      return slot;
    });
    expect(slots).toEqual([0, 1, 2, 3, 0]);
  });

  it('holds the same memory after two million questions, answered and expired', () => {
    const window = createInFlightWindow(1024);
    const before = window.bytes;
    for (let i = 0; i < 2_000_000; i++) {
      window.expire(i - 500);
      const slot = sent(window, i, i);
      if (i % 3 > 0) window.release(slot);
    }
    expect(window.bytes).toBe(before);
    window.expire(Number.POSITIVE_INFINITY);
    expect(window.size()).toBe(0);
  });
});
