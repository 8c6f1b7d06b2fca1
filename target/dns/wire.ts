/** Numbers of the DNS wire format (RFC 1035 §4, RFC 6891) that more than one file needs. */

/** Fixed header in front of every message. */
export const HEADER_BYTES = 12;
/** Type and class after the name of a question. */
export const QUESTION_TAIL_BYTES = 4;
/** Type, class, TTL and length after the owner name of a record. */
export const RECORD_HEAD_BYTES = 10;
/** RFC 1035 §2.3.4. */
export const MAX_LABEL_BYTES = 63;
/** RFC 1035 §2.3.4, length bytes and root label included. */
export const MAX_NAME_BYTES = 255;
/** The 16-bit lengths of UDP and of DNS over TCP allow no more. */
export const MAX_MESSAGE_BYTES = 65_535;

/** Bits of the header's second 16-bit word. */
export const FLAG = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  checkingDisabled: 0x0010,
} as const;
/** The opcode's bits in that word; 0 is QUERY. */
export const OPCODE_MASK = 0x7800;
/** The response code's bits in that word. */
export const RCODE_MASK = 0x000f;

/** Response codes; those above 15 need EDNS to carry their upper bits. */
export const RCODE = {
  noError: 0,
  formErr: 1,
  servFail: 2,
  nxDomain: 3,
  notImp: 4,
  refused: 5,
  badVers: 16,
} as const;

/** Record types that are treated specially. */
export const TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  TKEY: 249,
  AXFR: 252,
  ANY: 255,
} as const;

/** The Internet class, the only one served. */
export const CLASS_IN = 1;

/** An OPT record without options: root name, type, payload size, extended rcode and flags, length 0. */
export const OPT_BYTES = 11;
/** Payload size that the node advertises to its clients: no IPv6 fragment (DNS flag day 2020). */
export const ADVERTISED_PAYLOAD_BYTES = 1232;

/**
 * Writes an OPT record at `offset` and returns the offset after it. `rcode` gives the extended response code's
 * upper bits; the DO bit is always clear.
 */
export function writeOpt(out: Buffer, offset: number, payloadBytes: number, rcode: number): number {
  out[offset] = 0;
  out.writeUInt16BE(TYPE.OPT, offset + 1);
  out.writeUInt16BE(payloadBytes, offset + 3);
  out.writeUInt32BE((rcode >>> 4) << 24, offset + 5);
  out.writeUInt16BE(0, offset + 9);
  return offset + OPT_BYTES;
}
