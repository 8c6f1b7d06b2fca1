import { type DnsQuestion, readQuery } from './dns-query.js';
import {
  CLASS_IN,
  FLAG_AUTHORITATIVE,
  FLAG_RECURSION_DESIRED,
  FLAG_RESPONSE,
  HEADER_BYTES,
  OPCODE_MASK,
  POINTER,
  RCODE,
  TYPE,
} from './dns-wire.js';
import { ipv4NumberOf, ipv6BytesOf, NXDOMAIN_PREFIX, textOf } from './synthetic-answers.js';
import { normalizeZone } from './zone-name.js';

/** A response ready to send; `name` is what was asked, null when the query could not be read. */
export interface ZoneReply {
  readonly name: string | null;
  readonly message: Buffer;
}

export interface ZoneOptions {
  readonly zones: readonly string[];
  /** TTL of every record, and of negative answers. */
  readonly ttlSec: number;
}

interface Zone {
  readonly name: string;
  readonly suffix: string;
  readonly labelCount: number;
}

interface Content {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly Buffer[];
  readonly authority: readonly Buffer[];
}

function uint16(value: number): Buffer {
  return Buffer.from([value >>> 8, value & 0xff]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function characterString(text: string): Buffer {
  return Buffer.from(`${String.fromCharCode(text.length)}${text}`, 'latin1');
}

/** A reference to a name that stands at `offset` of the message. */
function pointer(offset: number): Buffer {
  return uint16((POINTER << 8) | offset);
}

function message(query: Buffer, questionEnd: number, content: Content): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const echoed = query.readUInt16BE(2) & (OPCODE_MASK | FLAG_RECURSION_DESIRED);
  const authoritative = content.authoritative ? FLAG_AUTHORITATIVE : 0;
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(FLAG_RESPONSE | echoed | authoritative | content.rcode, 2);
  header.writeUInt16BE(questionEnd > HEADER_BYTES ? 1 : 0, 4);
  header.writeUInt16BE(content.answers.length, 6);
  header.writeUInt16BE(content.authority.length, 8);
  const question = query.subarray(HEADER_BYTES, questionEnd);
  return Buffer.concat([header, question, ...content.answers, ...content.authority]);
}

function withoutRecords(rcode: number): Content {
  return { rcode, authoritative: false, answers: [], authority: [] };
}

/**
 * An authoritative server's mind without its sockets. Every name at or below a zone has one A, one AAAA and one
 * TXT record (`synthetic-answers.ts`), the apex SOA and NS as well; other types are NODATA, and names that
 * begin with `nx-` NXDOMAIN, both with the SOA (RFC 2308 §2); what lies outside is REFUSED. The function returned never
 * throws, whatever bytes it is given; null means: do not answer.
 */
export function createZoneResponder(options: ZoneOptions): (query: Buffer) => ZoneReply | null {
  const { ttlSec } = options;
  // Longest first: a zone inside another one wins.
  const zones: readonly Zone[] = options.zones
    .map(normalizeZone)
    .map((name) => ({ name, suffix: `.${name}`, labelCount: name.split('.').length }))
    .sort((a, b) => b.labelCount - a.labelCount);

  const record = (ownerOffset: number, type: number, data: Buffer): Buffer =>
    Buffer.concat([
      pointer(ownerOffset),
      uint16(type),
      uint16(CLASS_IN),
      uint32(ttlSec),
      uint16(data.length),
      data,
    ]);

  const soa = (zoneOffset: number): Buffer => {
    const [serial, refresh, retry, expire] = [1, 3600, 600, 86_400];
    const names = ['ns', 'hostmaster'].flatMap((label) => [characterString(label), pointer(zoneOffset)]);
    const times = [serial, refresh, retry, expire, ttlSec].map(uint32);
    return record(zoneOffset, TYPE.SOA, Buffer.concat([...names, ...times]));
  };

  const recordsOf = (question: DnsQuestion, zoneOffset: number): Buffer | null => {
    const isApex = zoneOffset === HEADER_BYTES;
    switch (question.type) {
      case TYPE.A:
        return record(HEADER_BYTES, TYPE.A, uint32(ipv4NumberOf(question.name)));
      case TYPE.AAAA:
        return record(HEADER_BYTES, TYPE.AAAA, ipv6BytesOf(question.name));
      case TYPE.TXT:
        return record(HEADER_BYTES, TYPE.TXT, characterString(textOf(question.name)));
      case TYPE.SOA:
        return isApex ? soa(zoneOffset) : null;
      case TYPE.NS:
        return isApex
          ? record(zoneOffset, TYPE.NS, Buffer.concat([characterString('ns'), pointer(zoneOffset)]))
          : null;
      default:
        return null;
    }
  };

  const contentFor = (question: DnsQuestion): Content => {
    const { name, labelOffsets } = question;
    const zone = zones.find((candidate) => name === candidate.name || name.endsWith(candidate.suffix));
    const zoneOffset = zone === undefined ? undefined : labelOffsets[labelOffsets.length - zone.labelCount];
    if (zoneOffset === undefined || question.class !== CLASS_IN) return withoutRecords(RCODE.REFUSED);
    const missing = zoneOffset !== HEADER_BYTES && name.startsWith(NXDOMAIN_PREFIX);
    const records = missing ? null : recordsOf(question, zoneOffset);
    return {
      rcode: missing ? RCODE.NXDOMAIN : RCODE.NOERROR,
      authoritative: true,
      answers: records === null ? [] : [records],
      authority: records === null ? [soa(zoneOffset)] : [],
    };
  };

  return (query) => {
    const read = readQuery(query);
    switch (read.kind) {
      case 'drop':
        return null;
      case 'reject':
        return { name: null, message: message(query, HEADER_BYTES, withoutRecords(read.rcode)) };
      case 'question':
        return { name: read.name, message: message(query, read.end, contentFor(read)) };
    }
  };
}
