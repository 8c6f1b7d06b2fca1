import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDelayLine } from './delay-line.js';

describe('delay line', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands on in order after the delay, with one timer for all', () => {
    const out: string[] = [];
    const line = createDelayLine<string>(10, (item) => out.push(item), Date.now);
    line.push('a');
    vi.advanceTimersByTime(4);
    line.push('b');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(6);
    expect(out).toEqual(['a']);
    vi.advanceTimersByTime(4);
    expect(out).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps up with more items than it lets go together', () => {
    const out: number[] = [];
    const line = createDelayLine<number>(5, (item) => out.push(item), Date.now);
    for (let i = 0; i < 5000; i++) {
      line.push(i);
      if (i % 100 === 0) vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(5);
    expect(out).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('hands on at once without a delay, and nothing after it was closed', () => {
    const out: string[] = [];
    const line = createDelayLine<string>(0, (item) => out.push(item), Date.now);
    line.push('a');
    expect(out).toEqual(['a']);
    const slow = createDelayLine<string>(10, (item) => out.push(item), Date.now);
    slow.push('b');
    slow.close();
    vi.advanceTimersByTime(100);
    expect(out).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
