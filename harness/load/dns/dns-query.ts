import { FLAG_RESPONSE, HEADER_BYTES, OPCODE_MASK, RCODE } from './dns-wire.js';

/** A well-formed question as a server reads it. */
export interface DnsQuestion {
  readonly kind: 'question';
  /** Lower case, no final dot, a dot inside a label written `\\046` (RFC 1035 §5.1); empty for the root. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Offset of each label in the message, outermost first. */
  readonly labelOffsets: readonly number[];
  /** Offset behind the question section. */
  readonly end: number;
}

/** What a server does with a packet: answer it, refuse it with an rcode, or drop it. */
export type DnsQuery =
  | DnsQuestion
  | { readonly kind: 'reject'; readonly rcode: number }
  | { readonly kind: 'drop' };

const MAX_NAME_BYTES = 255;
const MAX_LABEL_BYTES = 63;

/**
 * Reads a query with its bounds checked; never throws. Answers and fragments of headers are dropped (answering
 * them can make two servers talk for ever), other malformed packets get FORMERR. Whatever follows the question,
 * EDNS included, is ignored.
 */
export function readQuery(message: Buffer): DnsQuery {
  if (message.length < HEADER_BYTES) return { kind: 'drop' };
  const flags = message.readUInt16BE(2);
  if ((flags & FLAG_RESPONSE) !== 0) return { kind: 'drop' };
  if ((flags & OPCODE_MASK) !== 0) return { kind: 'reject', rcode: RCODE.NOTIMP };
  return readQuestion(message) ?? { kind: 'reject', rcode: RCODE.FORMERR };
}

/** Null when there is not exactly one question, or it is cut short, compressed or too long. */
function readQuestion(message: Buffer): DnsQuestion | null {
  if (message.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  const labelOffsets: number[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > MAX_LABEL_BYTES) return null;
    if (length === 0) break;
    const end = at + 1 + length;
    if (end > message.length || end - HEADER_BYTES >= MAX_NAME_BYTES) return null;
    labelOffsets.push(at);
    labels.push(message.toString('latin1', at + 1, end).replaceAll('.', '\\046'));
    at = end;
  }
  const end = at + 1 + 4;
  if (end > message.length) return null;
  return {
    kind: 'question',
    name: labels.join('.').toLowerCase(),
    type: message.readUInt16BE(at + 1),
    class: message.readUInt16BE(at + 3),
    labelOffsets,
    end,
  };
}
