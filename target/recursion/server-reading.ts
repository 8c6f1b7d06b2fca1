import { addressText } from '../dns/addresses.js';
import { type Answer, readAnswer, type TtlCaps } from '../dns/answer.js';
import { isAtOrBelow, readLowerName } from '../dns/name.js';
import { readSections, type Sections, type WireRecord } from '../dns/records.js';
import {
  FLAG,
  HEADER_BYTES,
  QUESTION_TAIL_BYTES,
  RCODE,
  RCODE_MASK,
  RECORD_HEAD_BYTES,
  TYPE,
} from '../dns/wire.js';
import type { NameServer, ZoneCut } from './zone-cut.js';

/** Name servers taken from one delegation, and addresses of each: no zone needs more, and a hostile one has thousands. */
const MAX_SERVERS = 13;
const MAX_ADDRESSES = 8;

/**
 * What a server said that was asked because it answers for a zone: the answer, who answers for a zone further down, or
 * nothing of use (`lame`: an error, an answer without authority, a delegation upwards or to itself).
 */
export type ServerReading =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'referral'; readonly cut: ZoneCut }
  | { readonly kind: 'lame' };

const LAME: ServerReading = { kind: 'lame' };

/** Reads a response to the question `key` from a server of `zone`; the message may be changed and must not be used again. */
export function readServer(message: Buffer, key: string, zone: string, caps: TtlCaps): ServerReading {
  const flags = message.readUInt16BE(2);
  const rcode = flags & RCODE_MASK;
  if (rcode !== RCODE.noError && rcode !== RCODE.nxDomain) return LAME;
  if (message.readUInt16BE(4) !== 1) return LAME;
  const sections = readSections(message, HEADER_BYTES + key.length);
  if (sections === null) return LAME;
  const cut = rcode === RCODE.noError ? readReferral(message, key, zone, sections, caps) : null;
  if (cut !== null) return { kind: 'referral', cut };
  if ((flags & FLAG.authoritative) === 0) return LAME;
  const answer = readAnswer(message, key, caps, zone);
  return answer === null ? LAME : { kind: 'answer', answer };
}

/** The delegation in a response without answers: to a zone below `zone` in which the question lies; null where there is none. */
function readReferral(
  message: Buffer,
  key: string,
  zone: string,
  { answers, authorities, additionals }: Sections,
  caps: TtlCaps,
): ZoneCut | null {
  const servers = authorities.filter(({ type }) => type === TYPE.NS);
  const [first] = servers;
  if (answers.length > 0 || first === undefined || authorities.some(({ type }) => type === TYPE.SOA))
    return null;
  const below = readLowerName(message, first.start);
  const question = key.slice(0, -QUESTION_TAIL_BYTES);
  if (below === zone || !isAtOrBelow(below, zone) || !isAtOrBelow(question, below)) return null;
  const own = servers.filter(({ start }) => readLowerName(message, start) === below).slice(0, MAX_SERVERS);
  return {
    zone: below,
    servers: own.map(({ head }): NameServer => {
      const name = readLowerName(message, head + RECORD_HEAD_BYTES);
      // Addresses outside of its zone are nothing that this server could know.
      return { name, addresses: isAtOrBelow(name, zone) ? glueOf(message, name, additionals) : [] };
    }),
    ttlSec: Math.min(caps.maxTtlSec, ...own.map(({ head }) => message.readUInt32BE(head + 4))),
  };
}

function glueOf(message: Buffer, name: string, additionals: readonly WireRecord[]): readonly string[] {
  const texts = additionals.flatMap(({ type, start, head, end }) => {
    if (readLowerName(message, start) !== name) return [];
    return addressText(type, message.subarray(head + RECORD_HEAD_BYTES, end)) ?? [];
  });
  return texts.slice(0, MAX_ADDRESSES);
}
