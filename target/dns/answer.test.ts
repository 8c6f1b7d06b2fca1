import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressAnswer, answer, CAPS, query, responsePacket, soa } from '../fixtures/messages.js';
import { readAnswer } from './answer.js';
import { writeAnswer } from './response.js';
import { MAX_MESSAGE_BYTES, OPT_BYTES } from './wire.js';

const NAME = 'a.test';
const KEY = query(NAME).key;
const QUESTION_END = 12 + KEY.length;
const address = (name: string, ttl = 60) => ({ name, type: 'A' as const, ttl, data: '192.0.2.1' });
const cname = (name: string, data: string, ttl = 60) => ({ name, type: 'CNAME' as const, ttl, data });

describe('readAnswer', () => {
  it('lives as long as its shortest TTL', () => {
    const records = [60, 20, 40].map((ttl) => ({ name: NAME, type: 'A' as const, ttl, data: '192.0.2.1' }));
    expect(answer({ name: NAME, answers: records })).toMatchObject({ answerCount: 3, ttlSec: 20 });
  });

  it('caps a TTL at a week, also one with the top bit set', () => {
    expect(addressAnswer(NAME, 700_000).ttlSec).toBe(604_800);
    expect(addressAnswer(NAME, 0x8000_0000).ttlSec).toBe(604_800);
    expect(addressAnswer(NAME, 0xffff_ffff).ttlSec).toBe(604_800);
  });

  it.each([
    ['the SOA TTL', 50, 80, 50],
    ['the SOA minimum', 80, 50, 50],
    ['the cap', 90_000, 90_000, 3600],
  ])(
    'keeps NXDOMAIN and NODATA for the least of SOA TTL, SOA minimum and cap: here %s',
    (_what, ttl, minimum, expected) => {
      const authorities = [soa(ttl, minimum)];
      expect(answer({ name: NAME, rcode: 3, authorities })).toMatchObject({ rcode: 3, ttlSec: expected });
      expect(answer({ name: NAME, authorities })).toMatchObject({ rcode: 0, ttlSec: expected });
      expect(answer({ name: NAME, answers: [cname(NAME, 'b.test', 7200)], authorities })).toMatchObject({
        ttlSec: expected,
      });
    },
  );

  it('does not keep a negative answer without an SOA', () => {
    expect(answer({ name: NAME, rcode: 3 }).ttlSec).toBe(0);
    expect(answer({ name: NAME }).ttlSec).toBe(0);
    expect(answer({ name: NAME, answers: [cname(NAME, 'b.test')] }).ttlSec).toBe(0);
  });

  it('keeps no records of a truncated response and does not cache it', () => {
    const message = responsePacket({
      name: NAME,
      answers: [{ name: NAME, type: 'A', ttl: 60, data: '192.0.2.1' }],
    });
    message.writeUInt16BE(0x8200, 2);
    expect(readAnswer(message, KEY, CAPS)).toMatchObject({
      answerCount: 0,
      neededCount: 1,
      records: '',
      ttlSec: 0,
    });
  });

  it.each([
    ['adds to the response code (BADVERS)', [0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0], 1],
    ['is repeated', [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0], 2],
    ['is cut', [0, 0, 41, 4, 208, 0], 1],
  ])('refuses a response whose OPT record %s', (_what, opt, count) => {
    const alone = responsePacket({ name: NAME, answers: [address(NAME)] });
    const message = Buffer.concat([alone, Buffer.from(opt)]);
    message.writeUInt16BE(count, 10);
    expect(readAnswer(message, KEY, CAPS)).toBeNull();
  });

  it('refuses a pointer into a TTL, which would change the name as the TTL counts down', () => {
    const first = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1];
    const ttlOffset = QUESTION_END + 6;
    const second = [0xc0, ttlOffset, ...first.slice(2)];
    const question = responsePacket({ name: NAME }).subarray(0, QUESTION_END);
    const message = Buffer.concat([question, Buffer.from([...first, ...second])]);
    message.writeUInt16BE(2, 6);
    expect(readAnswer(message, KEY, CAPS)).toBeNull();
  });

  it('takes a DNAME that only made an alias for no answer to a question for DNAME', () => {
    const dname = { name: 'test', type: 'DNAME', ttl: 60, data: 'other' } as const;
    const below = { name: 'a.test', type: 'DNAME', answers: [dname, cname('a.test', 'a.other')] } as const;
    expect(answer({ ...below, answers: [...below.answers] })).toMatchObject({ answerCount: 2, ttlSec: 0 });
    expect(answer({ name: 'test', type: 'DNAME', answers: [dname] })).toMatchObject({ ttlSec: 60 });
  });

  it('leaves the additional section out', () => {
    const alone = responsePacket({
      name: NAME,
      answers: [{ name: NAME, type: 'A', ttl: 60, data: '192.0.2.1' }],
    });
    const message = Buffer.concat([alone, Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])]);
    message.writeUInt16BE(1, 10);
    expect(readAnswer(message, KEY, CAPS)?.records.length).toBe(alone.length - QUESTION_END);
  });

  it.each([
    ['a name that loops', (message: Buffer) => message.writeUInt16BE(0xc000 | QUESTION_END, QUESTION_END)],
    ['a length past the end', (message: Buffer) => message.writeUInt16BE(500, QUESTION_END + 10)],
    ['an A record of 3 bytes', (message: Buffer) => message.writeUInt16BE(3, QUESTION_END + 10)],
    ['more records announced than there are', (message: Buffer) => message.writeUInt16BE(9, 6)],
    ['another class', (message: Buffer) => message.writeUInt16BE(3, QUESTION_END + 4)],
  ])('refuses a response with %s', (_what, spoil) => {
    const packed = responsePacket({
      name: NAME,
      answers: [{ name: NAME, type: 'A', ttl: 60, data: '192.0.2.1' }],
    });
    // dns-packet repeats the owner name in full; the record is rebuilt behind a pointer as real servers send it.
    const record = packed.subarray(QUESTION_END + 8);
    const message = Buffer.concat([packed.subarray(0, QUESTION_END), Buffer.from([0xc0, 12]), record]);
    expect(readAnswer(Buffer.from(message), KEY, CAPS)).not.toBeNull();
    spoil(message);
    expect(readAnswer(message, KEY, CAPS)).toBeNull();
  });

  it('refuses, or makes writable, whatever follows the question', () => {
    const good = responsePacket({
      name: NAME,
      rcode: 3,
      answers: [cname(NAME, 'b.test')],
      authorities: [soa(60, 60)],
    });
    const change = fc.tuple(fc.integer({ min: 4, max: good.length - 1 }), fc.nat(255));
    const out = Buffer.alloc(MAX_MESSAGE_BYTES + OPT_BYTES);
    const question = query(NAME);
    const length = fc.integer({ min: QUESTION_END, max: good.length });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), length, (changes, end) => {
        const mutated = Buffer.from(good);
        for (const [at, byte] of changes) mutated[at] = byte;
        const read = readAnswer(mutated.subarray(0, end), KEY, CAPS);
        if (read !== null) expect(writeAnswer(out, question, read, 5)).toBeLessThanOrEqual(512);
      }),
      { numRuns: 3000 },
    );
  });
});
