import type { Answer } from '../dns/answer.js';
import { wireName } from '../dns/name-key.js';
import { CLASS_IN, RCODE, TYPE } from '../dns/wire.js';
import { word } from './bytes-text.js';
import { type Domain, type DomainRecord, typeNumber } from './domain-source.js';
import { recordData } from './record-data.js';

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
  return asked === TYPE.ANY || type === 'CNAME' || typeNumber(type) === asked;
}

/** Null when the data does not fit the type: one bad record must not spoil the others. */
function encodeRecord(owner: string, { type, data }: DomainRecord, ttlSec: number): string | null {
  const name = wireName(owner);
  const rdata = recordData(type, data);
  if (name === null || rdata === null) return null;
  return `${name}${word(typeNumber(type))}${word(CLASS_IN)}${word(ttlSec >>> 16)}${word(ttlSec & 0xffff)}${word(rdata.length)}${rdata}`;
}
