import type { Answer } from './answer.js';
import { expandRecords, type OwnerForm } from './expand.js';
import { skipName } from './name.js';
import { readSections, type WireRecord } from './records.js';
import { HEADER_BYTES } from './wire.js';

/** One record of an answer, in wire form by itself: its names in full, but for an owner that points to the question's. */
export interface SplitRecord {
  /** One character per byte. */
  readonly bytes: string;
  /** The same without the TTL. */
  readonly withoutTtl: string;
  readonly type: number;
  readonly ttlSec: number;
}

/** The records of an answer, apart from each other. */
export interface SplitSections {
  readonly answers: readonly SplitRecord[];
  readonly authorities: readonly SplitRecord[];
}

/** The records of both sections that came from upstream. */
export function splitSections(
  key: string,
  answer: Answer,
  owners: OwnerForm = 'question-as-pointer',
): SplitSections {
  const message = Buffer.from('\0'.repeat(HEADER_BYTES) + key + answer.records, 'latin1');
  message.writeUInt16BE(answer.answerCount, 6);
  message.writeUInt16BE(answer.authorityCount, 8);
  const sections = readSections(message, HEADER_BYTES + key.length);
  const split = (record: WireRecord): SplitRecord[] => {
    const bytes = expandRecords(message, [record], HEADER_BYTES, owners);
    if (bytes === null) return [];
    const head = skipName(Buffer.from(bytes, 'latin1'), 0, bytes.length);
    const withoutTtl = bytes.slice(0, head + 4) + bytes.slice(head + 8);
    return [{ bytes, withoutTtl, type: record.type, ttlSec: message.readUInt32BE(record.head + 4) }];
  };
  return {
    answers: (sections?.answers ?? []).flatMap(split),
    authorities: (sections?.authorities ?? []).flatMap(split),
  };
}

/** The records of the answer section. */
export function splitRecords(key: string, answer: Answer, owners?: OwnerForm): readonly SplitRecord[] {
  return splitSections(key, answer, owners).answers;
}
