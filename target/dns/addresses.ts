import type { Answer } from './answer.js';
import { skipName } from './name.js';
import { splitRecords } from './split-records.js';
import { RECORD_HEAD_BYTES, TYPE } from './wire.js';

/** The addresses of the A and AAAA records in an answer's first section, as text. */
export function readAddresses(key: string, answer: Answer): string[] {
  return splitRecords(key, answer).flatMap(({ type, bytes }) => {
    const record = Buffer.from(bytes, 'latin1');
    return addressText(type, record.subarray(skipName(record, 0, record.length) + RECORD_HEAD_BYTES)) ?? [];
  });
}

/** The data of an A or AAAA record as text; null for another type or length. */
export function addressText(type: number, data: Buffer): string | null {
  if (type === TYPE.A && data.length === 4) return data.join('.');
  if (type !== TYPE.AAAA || data.length !== 16) return null;
  const words = Array.from({ length: 8 }, (_, index) => data.readUInt16BE(index * 2).toString(16));
  // As the URL parser writes it (RFC 5952), so that equal addresses are equal texts.
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}
