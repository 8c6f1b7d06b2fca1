import { type DecodedPacket, decode, encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAnswer, derivedAddress, describeWrongAnswer } from './dns-answer-check.js';
import { encodeQuestion, matchName, RCODE, TYPE } from './dns-wire.js';
import { formatIpv4, ipv4NumberOf } from './synthetic-answers.js';

const NAME = 'q1.soak.test';
const ASKED = derivedAddress(NAME);
const RIGHT = formatIpv4(ipv4NumberOf(NAME));
const NOERROR = new Set<number>([RCODE.NOERROR]);

/** An answer built by an independent codec. */
function answer(changes: Partial<Packet> = {}, rcode = 0): Buffer {
  return encode({
    type: 'response',
    id: 9,
    flags: rcode,
    questions: [{ type: 'A', name: NAME }],
    answers: [{ type: 'A', name: NAME, ttl: 60, data: RIGHT }],
    ...changes,
  });
}

describe('question', () => {
  it('reads back in an independent codec', () => {
    const packet: DecodedPacket = decode(encodeQuestion(0xbeef, NAME, TYPE.A));
    expect(packet).toMatchObject({ id: 0xbeef, type: 'query', flag_rd: true });
    expect(packet.questions).toEqual([{ name: NAME, type: 'A', class: 'IN' }]);
  });
});

describe('name comparison', () => {
  it('follows pointers backwards only', () => {
    const name = Buffer.from('\x01a\x04test\x00\x01b\xc0\x02\xc0\x0c', 'latin1');
    expect(matchName(name, 0, 'a.test')).toBe(8);
    expect(matchName(name, 8, 'b.test')).toBe(12);
    expect(matchName(name, 12, 'b.test')).toBeNull();
  });

  it('does not take a dot inside a label for the border of two', () => {
    expect(matchName(Buffer.from('\x06a.test\x00', 'latin1'), 0, 'a.test')).toBeNull();
  });
});

describe('answer check', () => {
  it('accepts the right answer, in any case and with a compressed owner', () => {
    expect(checkAnswer(answer(), ASKED, NOERROR)).toBe('right');
    const shouted = answer({
      questions: [{ type: 'A', name: NAME.toUpperCase() }],
      answers: [{ type: 'A', name: 'Q1.Soak.TEST', data: RIGHT }],
    });
    expect(checkAnswer(shouted, ASKED, NOERROR)).toBe('right');
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 0, 0, 0, 0]);
    record.writeUInt32BE(ipv4NumberOf(NAME), 12);
    const bare = answer({ answers: [] });
    bare.writeUInt16BE(1, 6);
    expect(checkAnswer(Buffer.concat([bare, record]), ASKED, NOERROR)).toBe('right');
  });

  it.each<[string, Buffer, string]>([
    ['a query', encodeQuestion(9, NAME, TYPE.A), 'malformed'],
    ['half a header', answer().subarray(0, 7), 'malformed'],
    ['another name', answer({ questions: [{ type: 'A', name: 'q2.soak.test' }] }), 'other-question'],
    ['a longer name', answer({ questions: [{ type: 'A', name: `x.${NAME}` }] }), 'other-question'],
    ['another type', answer({ questions: [{ type: 'AAAA', name: NAME }] }), 'other-question'],
    ['another class', answer({ questions: [{ type: 'A', name: NAME, class: 'CH' }] }), 'other-question'],
    ['no question', answer({ questions: [] }), 'other-question'],
    ['SERVFAIL', answer({ answers: [] }, RCODE.SERVFAIL), 'other-rcode'],
    ['another address', answer({ answers: [{ type: 'A', name: NAME, data: '10.9.9.9' }] }), 'other-data'],
    ['no address', answer({ answers: [] }), 'other-data'],
    ['data of another name', answer({ answers: [{ type: 'A', name: 'x.test', data: RIGHT }] }), 'other-data'],
    ['an answer cut short', answer().subarray(0, -1), 'other-data'],
  ])('does not accept %s', (_what, message, expected) => {
    expect(checkAnswer(message, ASKED, NOERROR)).toBe(expected);
  });

  it('accepts a failure that the plan allows', () => {
    const failure = answer({ answers: [] }, RCODE.SERVFAIL);
    expect(checkAnswer(failure, ASKED, new Set([RCODE.NOERROR, RCODE.SERVFAIL]))).toBe('right');
  });

  it('says in words what is wrong', () => {
    const lie = answer({ answers: [{ type: 'A', name: NAME, data: '10.9.9.9' }] });
    expect(describeWrongAnswer(lie, ASKED, 'other-data')).toBe(`answered 10.9.9.9 instead of ${RIGHT}`);
    const failure = answer({ answers: [] }, RCODE.SERVFAIL);
    expect(describeWrongAnswer(failure, ASKED, 'other-rcode')).toBe('answered SERVFAIL');
    const empty = answer({ answers: [] });
    expect(describeWrongAnswer(empty, ASKED, 'other-data')).toBe(`answered 0 records instead of ${RIGHT}`);
  });

  it('ends with a verdict on any bytes, damaged answers included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(checkAnswer(Buffer.from(bytes), ASKED, NOERROR)).not.toBe('right');
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: answer().length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const damaged = answer();
        damaged[at] = value;
        const check = checkAnswer(damaged, ASKED, NOERROR);
        if (check !== 'right') describeWrongAnswer(damaged, ASKED, check);
      }),
    );
  });
});
