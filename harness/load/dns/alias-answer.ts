import { CLASS_IN, HEADER_BYTES, POINTER } from './dns-wire.js';

const TYPE_CNAME = 5;
const MAX_LABEL_BYTES = 63;
const FIRST_LETTER = 'a'.charCodeAt(0);

/**
 * Makes an answer say that its name is an alias of `count` others and nothing more: the same name with a letter in
 * front, another one for each. Null where the name has no room for one.
 *
 * @param message any answer to the question, for its header and question
 * @param questionEnd offset behind the question section
 */
export function aliasAnswer(
  message: Buffer,
  questionEnd: number,
  count: number,
  ttlSec: number,
): Buffer | null {
  const labelBytes = message[HEADER_BYTES] ?? 0;
  if (labelBytes === 0 || labelBytes >= MAX_LABEL_BYTES) return null;
  const label = message.subarray(HEADER_BYTES + 1, HEADER_BYTES + 1 + labelBytes);
  const head = Buffer.from(message.subarray(0, questionEnd));
  head.writeUInt16BE(count, 6);
  head.writeUInt32BE(0, 8);
  const records = Array.from({ length: count }, (_, i) => alias(i, label, ttlSec));
  return Buffer.concat([head, ...records]);
}

/** The owner and the parent of the target are pointers into the question. */
function alias(index: number, label: Buffer, ttlSec: number): Buffer {
  const record = Buffer.alloc(12);
  record.writeUInt16BE((POINTER << 8) | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_CNAME, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(ttlSec, 6);
  record.writeUInt16BE(label.length + 4, 10);
  const parent = Buffer.alloc(2);
  parent.writeUInt16BE((POINTER << 8) | (HEADER_BYTES + 1 + label.length), 0);
  return Buffer.concat([record, Buffer.from([label.length + 1, FIRST_LETTER + index]), label, parent]);
}
