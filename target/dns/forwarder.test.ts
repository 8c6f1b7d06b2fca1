import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAPS, decode, query, responsePacket } from '../fixtures/messages.js';
import { openStubUpstream, type StubUpstream } from '../fixtures/sockets.js';
import { type Counters, createCounters } from '../ops/counters.js';
import type { Answer } from './answer.js';
import { type Forwarder, openForwarder } from './forwarder.js';
import { InFlightQueries } from './in-flight.js';

const NAME = 'a.test';
const TIMEOUT_MS = 60;
const LIMIT = 3;
const log = { info: () => undefined, warn: () => undefined };
const clock = (): number => Math.floor(performance.now());
let opened: { close(): void }[];
let counters: Counters;

beforeEach(() => {
  opened = [];
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

async function forwarderTo(...upstreams: StubUpstream[]): Promise<Forwarder> {
  const forwarder = await openForwarder(
    { forwarders: upstreams.map((each) => each.endpoint), ttlCaps: CAPS },
    {
      createTable: (onTimeout) =>
        new InFlightQueries({ timeoutMs: TIMEOUT_MS, limit: LIMIT }, clock, onTimeout),
      clock,
      counters,
      log,
    },
  );
  opened.push(forwarder);
  return forwarder;
}

const ask = (forwarder: Forwarder, name = NAME): Promise<Answer | null> =>
  new Promise((resolve, reject) => {
    if (!forwarder.ask(query(name).key, resolve)) reject(new Error('not asked'));
  });

const respondTo = (packet: Buffer, address = '192.0.2.1', name = NAME): Buffer =>
  responsePacket({ name, answers: [{ name, type: 'A', ttl: 60, data: address }] }, packet.readUInt16BE(0));
const withRcode = (packet: Buffer, rcode: number): Buffer =>
  responsePacket({ name: NAME, rcode }, packet.readUInt16BE(0));

describe('forwarder', () => {
  it('sends the question with RD and OPT, and gives the answer back', async () => {
    const stub = await upstream((packet) => respondTo(packet));
    const forwarder = await forwarderTo(stub);
    expect(await ask(forwarder)).toMatchObject({ rcode: 0, answerCount: 1, ttlSec: 60 });
    const sent = decode(stub.received[0] ?? Buffer.alloc(0));
    expect(sent).toMatchObject({ type: 'query', flag_rd: true, questions: [{ name: NAME, type: 'A' }] });
    expect(sent.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }]);
    expect(forwarder.size().entries).toBe(0);
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

  it.each([
    ['does not answer', () => null],
    ['answers SERVFAIL', (packet: Buffer) => withRcode(packet, 2)],
    ['answers REFUSED', (packet: Buffer) => withRcode(packet, 5)],
    ['answers with a cut record', (packet: Buffer) => respondTo(packet).subarray(0, -2)],
  ])('asks the next forwarder when the first one %s, and stays with it', async (_what, respond) => {
    const bad = await upstream(respond);
    const good = await upstream((packet) => respondTo(packet));
    const forwarder = await forwarderTo(bad, good);
    expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
    expect(await ask(forwarder)).toMatchObject({ answerCount: 1 });
    expect(bad.received).toHaveLength(1);
    expect(counters.upstreamTimeouts + counters.upstreamFailures).toBe(1);
  });

  it('gives up after every forwarder was asked once', async () => {
    const silent = await upstream(() => null);
    const failing = await upstream((packet) => withRcode(packet, 2));
    const forwarder = await forwarderTo(silent, failing);
    expect(await ask(forwarder)).toBeNull();
    expect([silent.received.length, failing.received.length]).toEqual([1, 1]);
    expect(forwarder.size().entries).toBe(0);
  });

  it('refuses more questions than its table holds', async () => {
    const silent = await upstream(() => null);
    const forwarder = await forwarderTo(silent);
    const waiting = Array.from({ length: LIMIT }, () => ask(forwarder));
    await expect(ask(forwarder)).rejects.toThrow('not asked');
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
  });

  it('cannot ask without forwarders', async () => {
    await expect(ask(await forwarderTo())).rejects.toThrow('not asked');
  });
});
