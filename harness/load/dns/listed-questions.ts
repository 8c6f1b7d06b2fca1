import { readFileSync } from 'node:fs';
import { messageOf, usageError } from '../../core/errors.js';
import { encodeQuestion, TYPE } from './dns-wire.js';
import type { QuestionSource } from './question-source.js';

/** Type codes by the names that data files use (IANA, DNS parameters). */
const TYPE_CODES: Readonly<Record<string, number>> = {
  ...TYPE,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  SRV: 33,
  NAPTR: 35,
  DS: 43,
  DNSKEY: 48,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  ANY: 255,
  CAA: 257,
};

/** A name without its final dot (RFC 1035 §2.3.4); the root cannot be asked. */
const MAX_NAME_CHARACTERS = 253;

interface ListedQuestion {
  readonly name: string;
  readonly type: number;
}

/**
 * Questions from a file, in turn and over again: a name per line (asked for A), or `name type` as dnsperf has it.
 * Empty lines and lines that begin with `#` or `;` are skipped. They are held encoded, about 40 bytes each.
 *
 * @throws HarnessError `usage` naming file and line
 */
export function listedQuestions(path: string, withTypes: boolean): QuestionSource {
  const questions = readLines(path).flatMap(({ text, where }) => readQuestion(text, where, withTypes));
  if (questions.length === 0) throw usageError(`${path} has no question in it; give one per line`);
  const messages = questions.map(({ name, type }) => encodeQuestion(0, name, type));
  const starts = new Uint32Array(messages.length + 1);
  for (const [i, message] of messages.entries()) starts[i + 1] = (starts[i] as number) + message.length;
  const encoded = new Uint8Array(Buffer.concat(messages));
  const numberOf = (sequence: number): number => sequence % questions.length;
  const questionOf = (sequence: number): ListedQuestion => questions[numberOf(sequence)] as ListedQuestion;

  return {
    write(sequence, into, at) {
      const number = numberOf(sequence);
      const start = starts[number] as number;
      const length = (starts[number + 1] as number) - start;
      for (let i = 0; i < length; i++) into[at + i] = encoded[start + i] as number;
      return length;
    },
    nameOf: (sequence) => questionOf(sequence).name,
    typeOf: (sequence) => questionOf(sequence).type,
  };
}

function readLines(path: string): { text: string; where: string }[] {
  try {
    return readFileSync(path, 'latin1')
      .split('\n')
      .map((line, i) => ({ text: line.trim(), where: `${path}:${i + 1}` }))
      .filter(({ text }) => text !== '' && !/^[#;]/.test(text));
  } catch (error) {
    throw usageError(`the questions in ${path} cannot be read: ${messageOf(error)}`, error);
  }
}

function readQuestion(text: string, where: string, withTypes: boolean): ListedQuestion[] {
  const [name = '', typeName = 'A', ...rest] = text.split(/\s+/);
  const bare = name.toLowerCase().replace(/\.$/, '');
  const isName =
    bare.length <= MAX_NAME_CHARACTERS && bare.split('.').every((label) => /^[!-~]{1,63}$/.test(label));
  const code = /^TYPE\d{1,5}$/i.test(typeName)
    ? Number(typeName.slice(4))
    : TYPE_CODES[typeName.toUpperCase()];
  const isPlain = rest.length === 0 && (withTypes || !text.includes(' '));
  if (!isName || !isPlain || code === undefined || code > 0xffff) {
    const form = withTypes ? '"name type", e.g. "example.test A"' : 'one name';
    throw usageError(`${where}: "${text}" is not ${form}`);
  }
  return [{ name: bare, type: code }];
}
