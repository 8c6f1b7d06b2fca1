import { encode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floodPlan } from '../fixtures/flood-plan.js';
import type { DnsUdpFloodPlan } from '../plan.js';
import { type AnswerJudge, createAnswerJudge } from './answer-judge.js';
import { checkAnswer } from './dns-answer-check.js';
import { MAX_QUESTION_BYTES } from './question-source.js';
import { formatIpv4, ipv4NumberOf, ipv4NumberOfWire } from './synthetic-answers.js';
import { uniqueNames } from './unique-names.js';
import { createZoneResponder } from './zone-responder.js';

const source = uniqueNames('soak.test', 7);
const respond = createZoneResponder({ zones: ['soak.test'], ttlSec: 60 });
const NOERROR = new Set([0]);

function judgeOf(changes: Partial<DnsUdpFloodPlan> = {}): AnswerJudge {
  return createAnswerJudge(source, floodPlan(changes));
}

function answerTo(sequence: number): Buffer {
  const query = Buffer.alloc(MAX_QUESTION_BYTES);
  const length = source.write(sequence, query, 0);
  return Buffer.from(respond(query.subarray(0, length))?.message ?? []);
}

describe('answer judge', () => {
  it('judges a damaged answer as the full check does, wherever it lies in memory', () => {
    const judge = judgeOf();
    const damage = fc.tuple(fc.nat(answerTo(0).length - 1), fc.nat(255), fc.nat(60));
    fc.assert(
      fc.property(fc.nat(10_000), damage, (sequence, [at, value, cut]) => {
        const answer = answerTo(sequence);
        answer[at] = value;
        const message = answer.subarray(0, Math.max(2, answer.length - (cut > 40 ? cut - 40 : 0)));
        const around = Buffer.concat([Buffer.alloc(11, 0xff), message, Buffer.alloc(11, 0xff)]);
        const full = checkAnswer(message, judge.expectationOf(sequence), NOERROR);
        expect(judge.judge(around, 11, message.length, sequence)).toBe(full);
      }),
      { numRuns: 3000 },
    );
  });

  it('accepts what is right but written otherwise', () => {
    const name = source.nameOf(5);
    const spelled = encode({
      type: 'response',
      id: 1,
      questions: [{ type: 'A', name: name.toUpperCase() }],
      answers: [{ type: 'A', name, data: formatIpv4(ipv4NumberOf(name)) }],
    });
    expect(judgeOf().judge(spelled, 0, spelled.length, 5)).toBe('right');
    expect(judgeOf().judge(spelled, 0, spelled.length, 6)).toBe('other-question');
  });

  it('knows one address for all names, or none', () => {
    const name = source.nameOf(0);
    const answer = answerTo(0);
    const own = { address: formatIpv4(ipv4NumberOf(name)) };
    expect(judgeOf({ answers: own }).judge(answer, 0, answer.length, 0)).toBe('right');
    const other = judgeOf({ answers: { address: '10.0.0.1' } });
    expect(other.judge(answer, 0, answer.length, 0)).toBe('other-data');
    expect(other.describe(answer, 0)).toBe(`${name}: answered ${own.address} instead of 10.0.0.1`);
    const empty = Buffer.from(answer.subarray(0, answer.length - 16));
    empty.writeUInt16BE(0, 6);
    expect(judgeOf({ answers: 'any-data' }).judge(empty, 0, empty.length, 0)).toBe('right');
    expect(judgeOf().judge(empty, 0, empty.length, 0)).toBe('other-data');
  });

  it('takes NOERROR for wrong where only a failure is accepted', () => {
    const answer = answerTo(0);
    const judge = judgeOf({ acceptedRcodes: ['SERVFAIL'] });
    expect(judge.judge(answer, 0, answer.length, 0)).toBe('other-rcode');
  });
});

it('the address of a name is the same from its text and from its bytes', () => {
  for (const sequence of [0, 1, 99]) {
    const query = Buffer.alloc(MAX_QUESTION_BYTES);
    source.write(sequence, query, 0);
    expect(ipv4NumberOfWire(query, 12)).toBe(ipv4NumberOf(source.nameOf(sequence)));
  }
});
