import { expandName } from './name.js';
import { expandRdata } from './rdata.js';
import type { WireRecord } from './records.js';
import { HEADER_BYTES, MAX_MESSAGE_BYTES, MAX_NAME_BYTES, RECORD_HEAD_BYTES } from './wire.js';

/** What a record may become longer by: its owner name and up to two names in its data, each behind a pointer. */
const MAX_GROWTH_BYTES = 3 * MAX_NAME_BYTES;

/**
 * How an owner that is a pointer to the question's name is written: as it stands, so that it comes back in each client's
 * own letter case, or in full, for records that go into the answer to another question.
 */
export type OwnerForm = 'question-as-pointer' | 'owner-in-full';

/**
 * The records in wire form, one character per byte, with every name written in full: for when records between them
 * were left out, so that compression pointers would no longer fit. Null when that does not fit a message of
 * which `usedBytes` are taken.
 */
export function expandRecords(
  message: Buffer,
  records: readonly WireRecord[],
  usedBytes: number,
  owners: OwnerForm = 'question-as-pointer',
): string | null {
  const out = Buffer.allocUnsafe(MAX_MESSAGE_BYTES - usedBytes);
  let at = 0;
  for (const record of records) {
    if (at + (record.end - record.start) + MAX_GROWTH_BYTES > out.length) return null;
    at = expandRecord(message, record, out, at, owners);
  }
  return out.toString('latin1', 0, at);
}

function expandRecord(
  message: Buffer,
  record: WireRecord,
  out: Buffer,
  outOffset: number,
  owners: OwnerForm,
): number {
  const { type, start, head, end } = record;
  const isQuestionsName =
    owners === 'question-as-pointer' && message.readUInt16BE(start) === (0xc000 | HEADER_BYTES);
  const outHead = isQuestionsName
    ? outOffset + message.copy(out, outOffset, start, start + 2)
    : expandName(message, start, out, outOffset);
  const outData = outHead + message.copy(out, outHead, head, head + RECORD_HEAD_BYTES);
  const outEnd = expandRdata(message, type, head + RECORD_HEAD_BYTES, end, out, outData);
  out.writeUInt16BE(outEnd - outData, outHead + 8);
  return outEnd;
}
