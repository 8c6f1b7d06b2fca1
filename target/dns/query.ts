import { lowerName, MALFORMED, skipName } from './name.js';
import {
  CLASS_IN,
  FLAG,
  HEADER_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NAME_BYTES,
  OPCODE_MASK,
  QUESTION_TAIL_BYTES,
  RCODE,
  RECORD_HEAD_BYTES,
  TYPE,
} from './wire.js';

/** What a response takes over from the query it answers. */
export interface Echo {
  readonly id: number;
  /** Opcode, RD and CD as asked, the flags that a response repeats (RFC 4035 §3.2.2). */
  readonly flags: number;
  /** The question section as asked, letter case included, one character per byte; empty when it was unreadable. */
  readonly question: string;
  /** The query carried an OPT record, so the response must too (RFC 6891 §6.1.1). */
  readonly edns: boolean;
  /** Largest response the client takes, in bytes: 512 by UDP without EDNS. */
  readonly maxBytes: number;
}

/** A well-formed question that the node is willing to resolve. */
export interface Query extends Echo {
  readonly kind: 'query';
  /**
   * The question section in lower case, one character per byte: name, type and class in wire form. Equal
   * questions have equal keys; it is at once the cache key and the question to send upstream.
   */
  readonly key: string;
}

/** A query to be answered with an error code and nothing else. */
export interface Rejection extends Echo {
  readonly kind: 'rejection';
  readonly rcode: number;
}

/** What a datagram turned out to be. Only `drop` gets no answer at all. */
export type Parsed = { readonly kind: 'drop' } | Rejection | Query;

/** RFC 1035 §4.2.1: what every client takes. */
export const PLAIN_UDP_BYTES = 512;
/** Upper bound on what a client may ask for over UDP: larger datagrams mostly serve amplification. */
export const MAX_UDP_BYTES = 4096;

const ECHOED_FLAGS = OPCODE_MASK | FLAG.recursionDesired | FLAG.checkingDisabled;
const DROP: Parsed = { kind: 'drop' };
/** Scratch for the question in lower case; used only within one call of a synchronous function. */
const scratch = Buffer.allocUnsafeSlow(MAX_NAME_BYTES + QUESTION_TAIL_BYTES);

/**
 * The question section at the start of a message's body in lower case, and null when it is not one plain,
 * uncompressed question within the limits of RFC 1035.
 */
export function readQuestionKey(message: Buffer): string | null {
  const nameEnd = lowerName(message, HEADER_BYTES, message.length, scratch);
  if (nameEnd === MALFORMED || nameEnd + QUESTION_TAIL_BYTES > message.length) return null;
  const nameBytes = nameEnd - HEADER_BYTES;
  message.copy(scratch, nameBytes, nameEnd, nameEnd + QUESTION_TAIL_BYTES);
  return scratch.toString('latin1', 0, nameBytes + QUESTION_TAIL_BYTES);
}

/** How a query came: over a stream (TCP, HTTP) the client takes whole messages, whatever its OPT record says (RFC 7766 §8). */
export type Carrier = 'datagram' | 'stream';

/** Reads one message from a client. Never throws, whatever the bytes; allocates nothing that outlives the query. */
export function parseQuery(packet: Buffer, carrier: Carrier = 'datagram'): Parsed {
  if (packet.length < HEADER_BYTES) return DROP;
  const flagWord = packet.readUInt16BE(2);
  // Answering a response could start an endless exchange between two servers.
  if ((flagWord & FLAG.response) !== 0) return DROP;
  const id = packet.readUInt16BE(0);
  const flags = flagWord & ECHOED_FLAGS;
  const isStream = carrier === 'stream';
  const plainBytes = isStream ? MAX_MESSAGE_BYTES : PLAIN_UDP_BYTES;
  const bare: Echo = { id, flags, question: '', edns: false, maxBytes: plainBytes };
  if ((flagWord & OPCODE_MASK) !== 0) return reject(bare, RCODE.notImp);
  // One question (RFC 9619), and nothing that answers it.
  if (packet.readUInt32BE(4) !== 0x0001_0000 || packet.readUInt16BE(8) !== 0)
    return reject(bare, RCODE.formErr);
  const key = readQuestionKey(packet);
  if (key === null) return reject(bare, RCODE.formErr);

  const questionEnd = HEADER_BYTES + key.length;
  const opt = readOpt(packet, questionEnd);
  if (opt === MALFORMED) return reject(bare, RCODE.formErr);
  const edns = opt !== NO_OPT;
  const isSized = edns && !isStream;
  const maxBytes = isSized ? Math.min(Math.max(opt & 0xffff, PLAIN_UDP_BYTES), MAX_UDP_BYTES) : plainBytes;
  const question = packet.toString('latin1', HEADER_BYTES, questionEnd);
  const rcode = edns && opt > 0xffff ? RCODE.badVers : refusal(packet, questionEnd);
  if (rcode !== RCODE.noError) return reject({ id, flags, question, edns, maxBytes }, rcode);
  return { kind: 'query', id, flags, question, edns, maxBytes, key };
}

function reject(echo: Echo, rcode: number): Rejection {
  return { kind: 'rejection', ...echo, rcode };
}

/** The error for a readable question that the node does not serve, else NOERROR. */
function refusal(packet: Buffer, questionEnd: number): number {
  if (packet.readUInt16BE(questionEnd - 2) !== CLASS_IN) return RCODE.refused;
  const type = packet.readUInt16BE(questionEnd - 4);
  if (type === TYPE.OPT || type === 0) return RCODE.formErr;
  // TKEY, TSIG, IXFR and AXFR: transfers and transactions are not a resolver's business.
  return type >= TYPE.TKEY && type <= TYPE.AXFR ? RCODE.refused : RCODE.noError;
}

const NO_OPT = -2;

/**
 * The class field of the query's OPT record (payload size) plus its version shifted left by 16; `NO_OPT`
 * without one, `MALFORMED` when the additional section runs past the packet, or OPT is repeated or not at the root.
 */
function readOpt(packet: Buffer, start: number): number {
  let found = NO_OPT;
  let at = start;
  for (let left = packet.readUInt16BE(10); left > 0; left -= 1) {
    const head = skipName(packet, at, packet.length);
    if (head === MALFORMED || head + RECORD_HEAD_BYTES > packet.length) return MALFORMED;
    if (packet.readUInt16BE(head) === TYPE.OPT) {
      if (found !== NO_OPT || head !== at + 1) return MALFORMED;
      found = packet.readUInt16BE(head + 2) | ((packet[head + 5] ?? 0) << 16);
    }
    at = head + RECORD_HEAD_BYTES + packet.readUInt16BE(head + 8);
    if (at > packet.length) return MALFORMED;
  }
  return found;
}
