import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressAnswer, query } from '../fixtures/messages.js';
import { type Counters, createCounters } from '../ops/counters.js';
import { countedStructure } from '../ops/structure.js';
import type { Answer } from './answer.js';
import type { AnswerCache } from './answer-cache.js';
import { type Client, createResolver, type Resolver } from './resolver.js';
import { UnboundedDnsCache } from './unbounded-cache.js';
import type { AskResult, Upstream } from './upstream.js';

const MAX_IN_FLIGHT = 4;
const QUEUED_MS = 100;
const FAILURE_MS = 1000;
let now: number;
let askResult: AskResult;
let warnings: string[];
let asked: Map<string, (answer: Answer | null) => void>;
let cache: AnswerCache;
let counters: Counters;
let resolver: Resolver;
let maxQueued: number;

const upstream: Upstream = {
  ask: (key, onDone) => {
    if (askResult === 'added') asked.set(key, onDone);
    return askResult;
  },
  structures: () => [countedStructure('dns-in-flight', asked.size, null)],
  close: () => undefined,
};

const client = (name: string) => ({
  query: query(name),
  reply: vi.fn<Client['reply']>(),
  fail: vi.fn<Client['fail']>(),
});

const finish = (name: string, answer: Answer | null): void => {
  const { key } = query(name);
  const onDone = asked.get(key);
  asked.delete(key);
  onDone?.(answer);
};

const entries = (name: string): number | undefined =>
  resolver.structures().find((structure) => structure.name === name)?.entries;

function open(): void {
  const log = { info: () => undefined, warn: (_topic: string, line: string) => void warnings.push(line) };
  resolver = createResolver(
    { maxInFlight: MAX_IN_FLIGHT, maxQueued, maxQueuedMs: QUEUED_MS, failureTtlMs: FAILURE_MS },
    { cache, upstream, clock: () => now, counters, log },
  );
}

beforeEach(() => {
  now = 0;
  askResult = 'added';
  warnings = [];
  asked = new Map();
  counters = createCounters();
  cache = new UnboundedDnsCache(() => now);
  maxQueued = 0;
  open();
});

afterEach(() => resolver.close());

describe('queue', () => {
  const fill = (): void => {
    for (let index = 0; index < MAX_IN_FLIGHT; index += 1) resolver.resolve(client(`n${index}.test`));
  };
  const reopen = (queued: number): void => {
    resolver.close();
    maxQueued = queued;
    open();
  };

  it('asks what waits for room as soon as there is some, in order of arrival', () => {
    reopen(2);
    fill();
    const [first, second] = [client('first.test'), client('second.test')];
    resolver.resolve(first);
    resolver.resolve(second);
    expect(entries('dns-query-queue')).toBe(2);
    finish('n0.test', addressAnswer('n0.test'));
    expect(asked.has(first.query.key)).toBe(true);
    expect(asked.has(second.query.key)).toBe(false);
    finish('n1.test', null);
    expect(asked.has(second.query.key)).toBe(true);
    expect(entries('dns-query-queue')).toBe(0);
    expect(counters.shed).toBe(0);
  });

  it('UDP packets are properly dropped when queue is full: the one that waits longest, answered SERVFAIL', () => {
    reopen(2);
    fill();
    const queued = ['a.test', 'b.test', 'c.test'].map(client);
    for (const each of queued) resolver.resolve(each);
    expect(queued.map((each) => each.fail.mock.calls)).toEqual([[[2]], [], []]);
    expect(entries('dns-query-queue')).toBe(2);
    expect(counters.shed).toBe(1);
  });

  it('answers from the cache whoever waits', () => {
    resolver.resolve(client('known.test'));
    finish('known.test', addressAnswer('known.test'));
    fill();
    const known = client('known.test');
    resolver.resolve(known);
    expect(known.reply).toHaveBeenCalledTimes(1);
  });

  it('answers SERVFAIL whoever waited too long for room', async () => {
    reopen(2);
    fill();
    const late = client('late.test');
    resolver.resolve(late);
    now += QUEUED_MS;
    await vi.waitFor(() => expect(late.fail).toHaveBeenCalledExactlyOnceWith(2));
    expect(entries('dns-query-queue')).toBe(0);
  });
});

describe('resolver', () => {
  it('asks an equal question once and answers everybody who waits for it', () => {
    const clients = [client('a.test'), client('A.TEST'), client('a.test')];
    for (const each of clients) resolver.resolve(each);
    expect(asked.size).toBe(1);
    expect(entries('dns-waiting-clients')).toBe(2);
    finish('a.test', addressAnswer('a.test'));
    for (const each of clients) expect(each.reply).toHaveBeenCalledTimes(1);
    expect(entries('dns-waiting-clients')).toBe(0);
    expect(entries('dns-questions')).toBe(0);
  });

  it('answers from the cache with the age of the entry', () => {
    resolver.resolve(client('a.test'));
    finish('a.test', addressAnswer('a.test', 60));
    now = 12_900;
    const second = client('a.test');
    resolver.resolve(second);
    expect(second.reply.mock.calls[0]?.[1]).toBe(12);
    expect(counters).toMatchObject({ cacheHits: 1, cacheMisses: 1 });
  });

  it('answers SERVFAIL when no forwarder answered, as SERVFAIL for a moment, and then asks again', () => {
    const first = client('a.test');
    resolver.resolve(first);
    finish('a.test', null);
    expect(first.fail).toHaveBeenCalledExactlyOnceWith(2);
    expect(entries('dns-cache')).toBe(0);
    const second = client('a.test');
    resolver.resolve(second);
    expect(second.fail).toHaveBeenCalledExactlyOnceWith(2);
    expect(counters.failureHits).toBe(1);
    expect(asked.size).toBe(0);
    now += FAILURE_MS;
    resolver.resolve(client('a.test'));
    expect(asked.size).toBe(1);
  });

  it('answers SERVFAIL at once, and counts it, when too many questions are in flight', () => {
    for (let index = 0; index < MAX_IN_FLIGHT; index += 1) resolver.resolve(client(`n${index}.test`));
    const late = client('late.test');
    resolver.resolve(late);
    expect(late.fail).toHaveBeenCalledExactlyOnceWith(2);
    expect(counters.shed).toBe(1);
    expect(entries('dns-questions')).toBe(MAX_IN_FLIGHT);
    expect(warnings).toEqual(['4 questions in flight, answering SERVFAIL']);
  });

  it.each<[AskResult, number, string[]]>([
    ['table-full', 1, ['no room for another query upstream, answering SERVFAIL']],
    ['slot-taken', 1, ['no message id is free, answering SERVFAIL']],
    ['no-forwarder', 0, []],
  ])('answers SERVFAIL when the forwarder says %s, and %i queries count as shed', (result, shed, lines) => {
    askResult = result;
    const refused = client('a.test');
    resolver.resolve(refused);
    expect(refused.fail).toHaveBeenCalledExactlyOnceWith(2);
    expect(entries('dns-questions')).toBe(0);
    expect(counters.shed).toBe(shed);
    expect(warnings).toEqual(lines);
  });

  it('answers a query without RD from the cache only, and else REFUSED', () => {
    const ask = (): ReturnType<typeof client> => {
      const iterative = client('a.test');
      iterative.query = { ...iterative.query, flags: 0 };
      resolver.resolve(iterative);
      return iterative;
    };
    expect(ask().fail).toHaveBeenCalledExactlyOnceWith(5);
    expect(asked.size).toBe(0);
    resolver.resolve(client('a.test'));
    expect(ask().fail).toHaveBeenCalledExactlyOnceWith(5);
    finish('a.test', addressAnswer('a.test'));
    expect(ask().reply).toHaveBeenCalledTimes(1);
  });

  it('bounds the clients that wait for one question', () => {
    const clients = Array.from({ length: MAX_IN_FLIGHT + 3 }, () => client('a.test'));
    for (const each of clients) resolver.resolve(each);
    expect(clients.filter((each) => each.fail.mock.calls.length === 1)).toHaveLength(2);
    expect(warnings[0]).toBe('4 clients wait for questions of others, answering SERVFAIL');
  });

  it('answers the others when answering one of them throws', () => {
    const bad = client('a.test');
    bad.reply.mockImplementation(() => {
      throw new Error('closed');
    });
    const good = client('a.test');
    resolver.resolve(bad);
    resolver.resolve(good);
    finish('a.test', addressAnswer('a.test'));
    expect(good.reply).toHaveBeenCalledTimes(1);
    expect(counters.internalErrors).toBe(1);
  });
});
