import { lookup } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAPS, decode, query, responsePacket } from '../fixtures/messages.js';
import { openStubUpstream, type StubUpstream } from '../fixtures/sockets.js';
import { openStreamStub } from '../fixtures/stream-stub.js';
import { type Counters, createCounters } from '../ops/counters.js';
import type { Answer } from './answer.js';
import { BoundedExchange } from './bounded-exchange.js';
import { DohExchange } from './doh-exchange.js';
import { PLAIN_PERIOD_MS } from './edns-support.js';
import { openForwarder } from './forwarder.js';
import { InFlightQueries } from './in-flight.js';
import { TRIAL_INTERVAL_MS } from './preference.js';
import { readBoundedBody } from './request-body.js';
import type { Upstream } from './upstream.js';

const NAME = 'a.test';
const TIMEOUT_MS = 60;
const LIMIT = 3;
const log = { info: () => undefined, warn: () => undefined };
const CONNECTIONS = 2;
let transport: 'udp' | 'tcp';
let skewMs: number;
const clock = (): number => Math.floor(performance.now()) + skewMs;
let opened: { close(): void }[];
let counters: Counters;

beforeEach(() => {
  opened = [];
  skewMs = 0;
  transport = 'udp';
  counters = createCounters();
});
afterEach(() => {
  for (const each of opened) each.close();
});

type Respond = Parameters<typeof openStubUpstream>[0];

async function upstream(respond: Respond): Promise<StubUpstream> {
  const stub = await openStubUpstream(respond);
  opened.push(stub);
  return stub;
}

/** Answers by UDP and, on the same port, over TCP. */
async function dualUpstream(
  respond: Respond,
  ...stream: Parameters<typeof openStreamStub>
): Promise<StubUpstream> {
  const streamStub = await openStreamStub(...stream);
  opened.push(streamStub);
  const stub = await openStubUpstream(respond, streamStub.endpoint.port);
  opened.push(stub);
  return stub;
}

async function forwarderTo(...upstreams: Pick<StubUpstream, 'endpoint'>[]): Promise<Upstream> {
  return openWith(TIMEOUT_MS, ...upstreams);
}

async function openWith(
  timeoutMs: number,
  ...upstreams: Pick<StubUpstream, 'endpoint'>[]
): Promise<Upstream> {
  const exchange = new BoundedExchange({ timeoutMs, limit: CONNECTIONS });
  const doh = new DohExchange(
    { timeoutMs, maxRequests: LIMIT, maxConnections: CONNECTIONS, ca: null },
    { lookup, readBody: readBoundedBody, log },
  );
  opened.push(exchange, doh);
  const forwarder = await openForwarder(
    {
      forwarders: upstreams.map(({ endpoint }) => ({ ...endpoint, transport })),
      timeoutMs,
      ttlCaps: CAPS,
      mixesCase: false,
    },
    {
      createTable: (onTimeout) => new InFlightQueries({ timeoutMs, limit: LIMIT }, clock, onTimeout),
      exchange,
      doh,
      clock,
      counters,
      log,
    },
  );
  opened.push(forwarder);
  return {
    ask: (key, onDone) => forwarder.ask(key, onDone),
    structures: () => [...forwarder.structures(), exchange.size()],
    close: () => forwarder.close(),
  };
}

const ask = (forwarder: Upstream, name = NAME): Promise<Answer | null> =>
  new Promise((resolve, reject) => {
    const result = forwarder.ask(query(name).key, resolve);
    if (result !== 'added') reject(new Error(`not asked: ${result}`));
  });

/** An endpoint on which nobody listens. */
async function deserted(): Promise<Pick<StubUpstream, 'endpoint'>> {
  const stub = await openStubUpstream(() => null);
  stub.close();
  return stub;
}

const entries = (forwarder: Upstream): Record<string, number> =>
  Object.fromEntries(forwarder.structures().map((structure) => [structure.name, structure.entries]));
const NOTHING_OPEN = {
  'dns-in-flight': 0,
  'dns-repetitions': 0,
  'dns-upstream-queue': 0,
  'dns-upstream-connections': 0,
};
const hasOpt = (packet: Buffer): boolean => packet.readUInt16BE(10) === 1;

const respondTo = (packet: Buffer, address = '192.0.2.1', name = NAME, question = name): Buffer =>
  responsePacket(
    { name: question, answers: [{ name, type: 'A', ttl: 60, data: address }] },
    packet.readUInt16BE(0),
  );
const bareError = (packet: Buffer, rcode: number): Buffer =>
  Buffer.from([...packet.subarray(0, 2), 0x81, 0x80 | rcode, 0, 0, 0, 0, 0, 0, 0, 0]);
const withId = (packet: Buffer, id: number): Buffer => {
  packet.writeUInt16BE(id, 0);
  return packet;
};
const withRcode = (packet: Buffer, rcode: number): Buffer =>
  responsePacket({ name: NAME, rcode }, packet.readUInt16BE(0));

describe('forwarder', () => {
  it('sends the question with RD and OPT, and gives the answer back', async () => {
    const stub = await upstream((packet) => respondTo(packet));
    const forwarder = await forwarderTo(stub);
    expect(await ask(forwarder)).toMatchObject({ rcode: 0, answerCount: 1, ttlSec: 60 });
    const sent = decode(stub.received[0] ?? Buffer.alloc(0));
    expect(sent).toMatchObject({ type: 'query', flag_rd: true, questions: [{ name: NAME, type: 'A' }] });
    expect(sent.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 4096 }]);
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('uses an unpredictable id for each question', async () => {
    const ids = new Set<number>();
    const stub = await upstream((packet) => respondTo(packet));
    const forwarder = await forwarderTo(stub);
    for (let count = 0; count < 40; count += 1) await ask(forwarder);
    for (const packet of stub.received) ids.add(packet.readUInt16BE(0));
    expect(ids.size).toBeGreaterThan(35);
  });

  it('ignores an answer with another id or another question, and takes the right one after it', async () => {
    const stub = await upstream((packet) => {
      const wrongId = respondTo(packet, '192.0.2.66');
      wrongId.writeUInt16BE(packet.readUInt16BE(0) ^ 1, 0);
      return [wrongId, respondTo(packet, '192.0.2.66', 'b.test'), Buffer.from([1, 2, 3]), respondTo(packet)];
    });
    const answer = await ask(await forwarderTo(stub));
    expect(answer?.records.endsWith('\xc0\0\x02\x01')).toBe(true);
    expect(counters.upstreamUnmatched).toBe(3);
  });

  it('takes an answer as large as a client may get', async () => {
    const texts = Array.from({ length: 15 }, () => ({
      name: NAME,
      type: 'TXT' as const,
      ttl: 60,
      data: 'x'.repeat(250),
    }));
    const stub = await upstream((packet) =>
      responsePacket({ name: NAME, answers: texts }, packet.readUInt16BE(0)),
    );
    const answer = await ask(await forwarderTo(stub));
    expect(answer?.records.length).toBeGreaterThan(3800);
  });

  it.each<[string, Respond]>([
    ['does not answer', () => null],
    ['answers SERVFAIL', (packet) => withRcode(packet, 2)],
    ['answers REFUSED', (packet) => withRcode(packet, 5)],
    ['answers with a bare header that says SERVFAIL', (packet) => bareError(packet, 2)],
    ['answers with a cut record', (packet) => respondTo(packet).subarray(0, -2)],
    ['answers about another name only', (packet) => respondTo(packet, '192.0.2.66', 'b.test', NAME)],
  ])(
    'asks the next forwarder when the first one %s, but begins with the first again',
    async (_what, respond) => {
      const bad = await upstream(respond);
      const good = await upstream((packet) => respondTo(packet));
      const forwarder = await forwarderTo(bad, good);
      expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
      expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
      expect([bad.received.length, good.received.length]).toEqual([2, 2]);
      expect(counters.upstreamTimeouts + counters.upstreamFailures).toBe(2);
    },
  );

  it('asks a silent forwarder last, tries it in the background after a while, and prefers it when it is back', async () => {
    let silent = true;
    const first = await upstream((packet) => (silent ? null : respondTo(packet)));
    const second = await upstream((packet) => respondTo(packet));
    const forwarder = await forwarderTo(first, second);
    for (let count = 0; count < 3; count += 1) await ask(forwarder);
    await ask(forwarder);
    expect([first.received.length, second.received.length]).toEqual([3, 4]);
    silent = false;
    skewMs += TRIAL_INTERVAL_MS;
    await ask(forwarder);
    await expect.poll(() => entries(forwarder)['dns-in-flight']).toBe(0);
    expect([first.received.length, second.received.length]).toEqual([4, 5]);
    await ask(forwarder);
    expect([first.received.length, second.received.length]).toEqual([5, 5]);
  });

  it.each([1, 20])(
    'goes on at once when nobody listens at the first forwarder, for %i questions at a time',
    async (count) => {
      const good = await upstream((packet) => respondTo(packet));
      const forwarder = await openWith(30_000, await deserted(), good);
      for (let left = count; left > 0; left -= LIMIT) {
        const asked = Array.from({ length: Math.min(left, LIMIT) }, () => ask(forwarder));
        for (const answer of await Promise.all(asked)) expect(answer).not.toBeNull();
      }
      expect(counters.upstreamTimeouts).toBe(0);
    },
  );

  it('gives up at once when nobody listens at the only forwarder', async () => {
    const forwarder = await openWith(30_000, await deserted());
    expect(await ask(forwarder)).toBeNull();
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('gives up after every forwarder was asked once', async () => {
    const silent = await upstream(() => null);
    const failing = await upstream((packet) => withRcode(packet, 2));
    const forwarder = await forwarderTo(silent, failing);
    expect(await ask(forwarder)).toBeNull();
    expect([silent.received.length, failing.received.length]).toEqual([1, 1]);
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('refuses more questions than its table holds', async () => {
    const silent = await upstream(() => null);
    const forwarder = await forwarderTo(silent);
    const waiting = Array.from({ length: LIMIT }, () => ask(forwarder));
    await expect(ask(forwarder)).rejects.toThrow('not asked: table-full');
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('cannot ask without forwarders', async () => {
    await expect(ask(await forwarderTo())).rejects.toThrow('not asked: no-forwarder');
  });
});

describe('a single forwarder', () => {
  it('is sent the question once more, with another id from another port, when a datagram was lost', async () => {
    let lost = 0;
    const stub = await upstream((packet) => (lost++ === 0 ? null : respondTo(packet)));
    const forwarder = await openWith(400, stub);
    expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
    expect(stub.received).toHaveLength(2);
    expect(stub.received[0]?.readUInt16BE(0)).not.toBe(stub.received[1]?.readUInt16BE(0));
    expect(counters.upstreamTimeouts).toBe(0);
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('may still answer the first datagram after the second was sent', async () => {
    let second = (): void => undefined;
    const secondCame = new Promise<void>((resolve) => {
      second = resolve;
    });
    let count = 0;
    const stub = await upstream(async (packet) => {
      count += 1;
      if (count === 2) second();
      await secondCame;
      return count === 2 && packet === stub.received[0] ? respondTo(packet, '192.0.2.9') : null;
    });
    const answer = await ask(await openWith(400, stub));
    expect(answer?.records.endsWith('\xc0\0\x02\x09')).toBe(true);
  });

  it('is given up after the time-out, counted from the first datagram', async () => {
    const stub = await upstream(() => null);
    const forwarder = await openWith(200, stub);
    const before = performance.now();
    expect(await ask(forwarder)).toBeNull();
    expect(performance.now() - before).toBeLessThan(270);
    expect(stub.received).toHaveLength(2);
    expect(counters.upstreamTimeouts).toBe(1);
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });
});

describe('a forwarder without EDNS', () => {
  it.each<[string, Respond]>([
    ['FORMERR', (packet) => withRcode(packet, 1)],
    ['NOTIMP', (packet) => withRcode(packet, 4)],
    ['a bare FORMERR header', (packet) => bareError(packet, 1)],
  ])(
    'that answers %s to an OPT record is asked again without, and then never with it for a while',
    async (_what, refuse) => {
      const stub = await upstream((packet) => (hasOpt(packet) ? refuse(packet) : respondTo(packet)));
      const forwarder = await forwarderTo(stub);
      expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
      expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
      expect(stub.received.map(hasOpt)).toEqual([true, false, false]);
      skewMs += PLAIN_PERIOD_MS;
      await ask(forwarder);
      expect(stub.received.map(hasOpt)).toEqual([true, false, false, true, false]);
    },
  );

  it('is not assumed when it answers FORMERR without an OPT record too', async () => {
    const stub = await upstream((packet) => withRcode(packet, 1));
    const forwarder = await forwarderTo(stub);
    expect([await ask(forwarder), await ask(forwarder)]).toEqual([null, null]);
    expect(stub.received.map(hasOpt)).toEqual([true, false, true, false]);
  });
});

describe('an answer that does not fit a datagram', () => {
  const truncated = (packet: Buffer): Buffer => {
    const response = respondTo(packet);
    response.writeUInt16BE(0x8200, 2);
    return response;
  };

  it('is fetched over TCP', async () => {
    const stub = await dualUpstream(truncated, (packet) => respondTo(packet, '192.0.2.2'));
    const forwarder = await forwarderTo(stub);
    expect(await ask(forwarder)).toMatchObject({ answerCount: 1, ttlSec: 60 });
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('is fetched although it comes one byte at a time', async () => {
    const stub = await dualUpstream(truncated, (packet) => respondTo(packet), 1);
    expect(await ask(await openWith(2000, stub))).toMatchObject({ answerCount: 1 });
  });

  it.each<[string, ((packet: Buffer) => Buffer | null) | null]>([
    ['nobody listens', null],
    ['the server says nothing', () => null],
    ['the server closes', () => Buffer.alloc(0)],
    ['the id is another', (packet) => withId(respondTo(packet), packet.readUInt16BE(0) ^ 1)],
    ['it is cut short again', truncated],
    ['it is no DNS', () => Buffer.from('HTTP/1.1 400')],
  ])('is a failure when %s over TCP, and leaves nothing open', async (_what, respond) => {
    const stub = respond === null ? await upstream(truncated) : await dualUpstream(truncated, respond);
    const forwarder = await forwarderTo(stub);
    expect(await ask(forwarder)).toBeNull();
    expect(entries(forwarder)).toEqual(NOTHING_OPEN);
  });

  it('is given up when too many are fetched already', async () => {
    const stub = await dualUpstream(truncated, () => null);
    const forwarder = await openWith(500, stub);
    const asked = [ask(forwarder), ask(forwarder), ask(forwarder)];
    expect(await Promise.all(asked)).toEqual([null, null, null]);
    expect(counters).toMatchObject({ shed: 1, upstreamTimeouts: CONNECTIONS });
  });
});

describe('a forwarder over TCP', () => {
  it('is never asked by UDP', async () => {
    transport = 'tcp';
    const stub = await dualUpstream(
      () => null,
      (packet) => respondTo(packet),
    );
    expect(await ask(await forwarderTo(stub))).toMatchObject({ answerCount: 1 });
    expect(stub.received).toEqual([]);
  });
});
