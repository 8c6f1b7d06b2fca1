import type { AnswerPlan, DnsLoadPlan } from '../plan.js';
import { type AnswerCheck, checkAnswer, describeWrongAnswer, type Expectation } from './dns-answer-check.js';
import { CLASS_IN, FLAG_RESPONSE, HEADER_BYTES, OPCODE_MASK, POINTER, RCODE, TYPE } from './dns-wire.js';
import { MAX_QUESTION_BYTES, type QuestionSource } from './question-source.js';
import { ipv4NumberOf, ipv4NumberOfWire } from './synthetic-answers.js';

/** Judges answers to the questions of one source. */
export interface AnswerJudge {
  /** What the message of `length` bytes at `at` is as an answer to question `sequence`; its id is not looked at. */
  judge(bytes: Buffer, at: number, length: number, sequence: number): AnswerCheck;
  /** What is wrong with it, for people. */
  describe(message: Buffer, sequence: number): string;
  /** What is expected of question `sequence`. */
  expectationOf(sequence: number): Expectation;
}

/** A pointer to the question, an A record of class IN, a TTL, and the length of an address. */
const RECORD_BYTES = 2 + 10 + 4;

/** The address that a plan names for every question; null when it names none. */
export function plannedAddress(answers: AnswerPlan): number | null {
  if (typeof answers === 'string') return null;
  return answers.address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/**
 * A judge that knows two ways to the same judgement. Nearly all answers repeat the question byte by byte, followed
 * by one A record whose owner is a pointer to it: those are recognised without making a string. Whatever looks
 * different is read in full (`checkAnswer`).
 */
export function createAnswerJudge(source: QuestionSource, plan: DnsLoadPlan): AnswerJudge {
  const answers = plan.answers ?? 'derived';
  const accepted = new Set<number>(plan.acceptedRcodes.map((name) => RCODE[name]));
  const planned = plannedAddress(answers);
  const question = Buffer.alloc(MAX_QUESTION_BYTES);

  const expectationOf = (sequence: number): Expectation => {
    const [name, type] = [source.nameOf(sequence), source.typeOf(sequence)];
    const address = answers === 'derived' ? ipv4NumberOf(name) : planned;
    return { name, type, address: type === TYPE.A ? address : null };
  };

  const isPlainAnswer = (bytes: Buffer, at: number, length: number, sequence: number): boolean => {
    const end = source.write(sequence, question, 0);
    if (length < end) return false;
    // Answer, same opcode, NOERROR, one question: bits that a server may choose are masked out.
    if ((uint16(bytes, at + 2) & (FLAG_RESPONSE | OPCODE_MASK | 0xf)) !== FLAG_RESPONSE) return false;
    if (uint16(bytes, at + 4) !== 1) return false;
    for (let i = HEADER_BYTES; i < end; i++) if (bytes[at + i] !== question[i]) return false;
    if (answers === 'any-data' || uint16(question, end - 4) !== TYPE.A) return true;
    const record = at + end;
    return (
      length >= end + RECORD_BYTES &&
      uint16(bytes, at + 6) === 1 &&
      uint16(bytes, record) === ((POINTER << 8) | HEADER_BYTES) &&
      uint16(bytes, record + 2) === TYPE.A &&
      uint16(bytes, record + 4) === CLASS_IN &&
      uint16(bytes, record + 10) === 4 &&
      uint16(bytes, record + 12) * 0x10000 + uint16(bytes, record + 14) ===
        (planned ?? ipv4NumberOfWire(question, HEADER_BYTES))
    );
  };

  return {
    expectationOf,
    judge(bytes, at, length, sequence) {
      if (accepted.has(RCODE.NOERROR) && isPlainAnswer(bytes, at, length, sequence)) return 'right';
      return checkAnswer(bytes.subarray(at, at + length), expectationOf(sequence), accepted);
    },
    describe(message, sequence) {
      const expected = expectationOf(sequence);
      const check = checkAnswer(message, expected, accepted);
      return check === 'right'
        ? 'answered rightly'
        : `${expected.name}: ${describeWrongAnswer(message, expected, check)}`;
    },
  };
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
