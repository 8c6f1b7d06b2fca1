import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InFlightQueries, type InFlightTable, type OnTimeout, type UpstreamQuery } from './in-flight.js';
import { TimerPerQueryTable } from './timer-per-query.js';

const TIMEOUT_MS = 1000;
const LIMIT = 3;
const clock = (): number => Date.now();
const upstreamQuery = (): UpstreamQuery => ({
  question: {
    key: 'k',
    onDone: () => undefined,
    tried: 1,
    slots: [5],
    repeated: false,
    ednsRefused: false,
  },
  sent: 'k',
  edns: true,
  sentAtMs: clock(),
});

const tables: [string, (onTimeout: OnTimeout) => InFlightTable][] = [
  [
    'InFlightQueries',
    (onTimeout) => new InFlightQueries({ timeoutMs: TIMEOUT_MS, limit: LIMIT }, clock, onTimeout),
  ],
  ['TimerPerQueryTable', (onTimeout) => new TimerPerQueryTable(TIMEOUT_MS, onTimeout)],
];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe.each(tables)('%s', (_name, create) => {
  it('reports each query that was not answered in time, once, at most 25 ms late', () => {
    const onTimeout = vi.fn<OnTimeout>();
    const table = create(onTimeout);
    const query = upstreamQuery();
    table.add(5, query);
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
    expect(onTimeout).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1 + 25);
    expect(onTimeout.mock.calls).toEqual([[5, query]]);
    expect(table.get(5)).toBeUndefined();
    vi.advanceTimersByTime(10 * TIMEOUT_MS);
    expect(onTimeout).toHaveBeenCalledTimes(1);
    table.close();
  });

  it('releases an answered query wholly and never reports it', () => {
    const onTimeout = vi.fn<OnTimeout>();
    const table = create(onTimeout);
    const timers = vi.getTimerCount();
    table.add(5, upstreamQuery());
    table.remove(5);
    expect(table.get(5)).toBeUndefined();
    expect(table.size().entries).toBe(0);
    expect(vi.getTimerCount()).toBe(timers);
    vi.advanceTimersByTime(2 * TIMEOUT_MS);
    expect(onTimeout).not.toHaveBeenCalled();
    table.close();
  });

  it('does not give a slot away twice', () => {
    const table = create(() => undefined);
    const first = upstreamQuery();
    expect(table.add(5, first)).toBe('added');
    expect(table.add(5, upstreamQuery())).toBe('slot-taken');
    expect(table.get(5)).toBe(first);
    table.close();
  });

  it('leaves no timer behind when closed', () => {
    const table = create(() => undefined);
    table.add(5, upstreamQuery());
    table.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('InFlightQueries', () => {
  it('is bounded, and has room again after a time-out', () => {
    const table = new InFlightQueries({ timeoutMs: TIMEOUT_MS, limit: LIMIT }, clock, () => undefined);
    for (let slot = 0; slot < LIMIT; slot += 1) table.add(slot, upstreamQuery());
    expect(table.add(99, upstreamQuery())).toBe('table-full');
    expect(table.size()).toEqual({ name: 'dns-in-flight', entries: 3, bytes: null, limit: 3, fill: 1 });
    vi.advanceTimersByTime(2 * TIMEOUT_MS);
    expect(table.size().entries).toBe(0);
    expect(table.add(99, upstreamQuery())).toBe('added');
    table.close();
  });

  it('uses one timer however many queries are in flight', () => {
    const table = new InFlightQueries({ timeoutMs: TIMEOUT_MS, limit: 100 }, clock, () => undefined);
    for (let slot = 0; slot < 100; slot += 1) table.add(slot, upstreamQuery());
    expect(vi.getTimerCount()).toBe(1);
    table.close();
  });
});

describe('TimerPerQueryTable', () => {
  it('keeps the entry of a query that timed out, and has no limit', () => {
    const table = new TimerPerQueryTable(TIMEOUT_MS, () => undefined);
    for (let slot = 0; slot < 50; slot += 1) table.add(slot, upstreamQuery());
    vi.advanceTimersByTime(10 * TIMEOUT_MS);
    expect(table.size()).toEqual({
      name: 'dns-in-flight',
      entries: 50,
      bytes: null,
      limit: null,
      fill: null,
    });
    table.close();
  });
});
