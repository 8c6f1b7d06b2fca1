import { type Answer, readAnswer, type TtlCaps } from './answer.js';
import type { UpstreamQuery } from './in-flight.js';
import { MAX_UDP_BYTES } from './query.js';
import { isEdnsRefusal, matchQuestion } from './question-match.js';
import { FLAG, HEADER_BYTES, RCODE, RCODE_MASK, writeOpt } from './wire.js';

/** Room for a header, the longest question and an OPT record. */
export const MAX_QUERY_BYTES = 320;

/**
 * Payload size offered to forwarders: what the node can pass on at most. Without TCP a larger answer does not come
 * whole; the forwarder then sets TC, and so does the node. Up to here the kernel puts fragments together again.
 */
const UPSTREAM_PAYLOAD_BYTES = MAX_UDP_BYTES;

/** What a query says besides its question. */
export interface QueryForm {
  /** In the OPT record; null leaves it out. */
  readonly payloadBytes: number | null;
  readonly recursionDesired: boolean;
}

/** The form in which a forwarder is asked. */
export function forwarderForm(edns: boolean): QueryForm {
  return { payloadBytes: edns ? UPSTREAM_PAYLOAD_BYTES : null, recursionDesired: true };
}

/**
 * Writes the question (a key, in letters of any case) into `out` and returns the length. The client's CD,
 * AD and DO bits are not passed on: answers are shared between clients, and the cache has one for each question.
 */
export function writeQuery(out: Buffer, id: number, key: string, form: QueryForm): number {
  const { payloadBytes, recursionDesired } = form;
  out.writeUInt16BE(id, 0);
  out.writeUInt16BE(recursionDesired ? FLAG.recursionDesired : 0, 2);
  out.writeUInt32BE(0x0001_0000, 4);
  out.writeUInt32BE(payloadBytes === null ? 0 : 1, 8);
  const end = HEADER_BYTES + out.write(key, HEADER_BYTES, 'latin1');
  return payloadBytes === null ? end : writeOpt(out, end, payloadBytes, RCODE.noError);
}

/**
 * What a datagram with the id of `query` is to it: no response to it at all, one whose question has letters of another
 * case than was sent, a refusal of its OPT record, a failure, or an answer.
 */
export type Reading = 'unrelated' | 'case-mismatch' | 'edns-refused' | 'failure' | Answer;

/** Reads a datagram of at least `HEADER_BYTES`, which it may change, from the socket on which `query` was sent. */
export function readResponse(message: Buffer, query: UpstreamQuery, caps: TtlCaps): Reading {
  const { key } = query.question;
  const match = matchQuestion(message, key, query.sent);
  if (match === 'unrelated') return match;
  if (match === 'other-case') return 'case-mismatch';
  if (isEdnsRefusal(message, query.edns)) return 'edns-refused';
  const rcode = message.readUInt16BE(2) & RCODE_MASK;
  if (match === 'bare-error' || (rcode !== RCODE.noError && rcode !== RCODE.nxDomain)) return 'failure';
  return readAnswer(message, key, caps) ?? 'failure';
}
