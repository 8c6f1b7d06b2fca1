import { isIPv4, isIPv6 } from 'node:net';
import type { Answer } from '../dns/answer.js';
import { wireName } from '../dns/name-key.js';
import { CLASS_IN, RCODE, TYPE } from '../dns/wire.js';
import { DOMAIN_RECORD_TYPES, type Domain, type DomainRecord } from './domain-source.js';

/**
 * The answer that a domain's records give to a question about `name` (within `domain`, both in lower case, in text
 * form) and `type`. Not to be cached: the domain's data is.
 */
export function localAnswer(name: string, domain: string, type: number, data: Domain): Answer {
  const owner = name === domain ? '@' : name.slice(0, -domain.length - 1);
  const own = data.records.filter((record) => record.name === owner);
  const matching = own.filter((record) => isAnswer(record, type));
  // RFC 8482: whoever asks for anything gets one record set, not all there is.
  const [first] = matching;
  const given =
    type === TYPE.ANY && first !== undefined ? matching.filter((each) => each.type === first.type) : matching;
  const texts = given.flatMap((record) => encodeRecord(name, record, data.ttlSec) ?? []);
  const rcode = own.length === 0 && owner !== '@' ? RCODE.nxDomain : RCODE.noError;
  return {
    rcode,
    answerCount: texts.length,
    authorityCount: 0,
    additionalCount: 0,
    neededCount: texts.length,
    records: texts.join(''),
    ttlSec: 0,
  };
}

/** The answer for a domain that does not exist. */
export const NO_SUCH_DOMAIN: Answer = {
  rcode: RCODE.nxDomain,
  answerCount: 0,
  authorityCount: 0,
  additionalCount: 0,
  neededCount: 0,
  records: '',
  ttlSec: 0,
};

function isAnswer({ type }: DomainRecord, asked: number): boolean {
  return asked === TYPE.ANY || type === 'CNAME' || DOMAIN_RECORD_TYPES[type] === asked;
}

/** Null when the data does not fit the type: one bad record must not spoil the others. */
function encodeRecord(owner: string, { type, data }: DomainRecord, ttlSec: number): string | null {
  const name = wireName(owner);
  const rdata = encodeData(type, data);
  if (name === null || rdata === null) return null;
  return `${name}${word(DOMAIN_RECORD_TYPES[type])}${word(CLASS_IN)}${word(ttlSec >>> 16)}${word(ttlSec & 0xffff)}${word(rdata.length)}${rdata}`;
}

function encodeData(type: DomainRecord['type'], data: string): string | null {
  switch (type) {
    case 'A':
      return isIPv4(data) ? String.fromCharCode(...data.split('.').map(Number)) : null;
    case 'AAAA':
      return isIPv6(data) ? ipv6Bytes(data) : null;
    case 'TXT':
      return textStrings(data);
    case 'MX':
      return numbersAndName(data, 1);
    case 'SRV':
      return numbersAndName(data, 3);
    default:
      return wireName(data);
  }
}

function numbersAndName(data: string, count: number): string | null {
  const parts = data.split(/\s+/);
  const name = wireName(parts[count] ?? '');
  const numbers = parts.slice(0, count).map(Number);
  const areWords = numbers.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffff);
  return name === null || parts.length !== count + 1 || !areWords ? null : numbers.map(word).join('') + name;
}

function textStrings(data: string): string {
  const bytes = Buffer.from(data).toString('latin1');
  const strings = bytes.match(/[\s\S]{1,255}/g) ?? [''];
  return strings.map((each) => String.fromCharCode(each.length) + each).join('');
}

function ipv6Bytes(text: string): string {
  const url = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = '', tail] = url.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((each) => Number.parseInt(each, 16));
  const [front, back] = [words(head), words(tail ?? '')];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...zeros, ...back].map(word).join('');
}

function word(value: number): string {
  return String.fromCharCode(value >>> 8, value & 0xff);
}
