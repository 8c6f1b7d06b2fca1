import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryPacket } from '../fixtures/messages.js';
import { parseQuery } from './query.js';

const header = (flags: number, counts: readonly number[]): Buffer => {
  const packet = Buffer.alloc(12);
  packet.writeUInt16BE(0x1234, 0);
  packet.writeUInt16BE(flags, 2);
  for (const [index, count] of counts.entries()) packet.writeUInt16BE(count, 4 + 2 * index);
  return packet;
};
const question = (type: number, cls: number): Buffer =>
  Buffer.from([1, 0x61, 0, type >> 8, type & 255, cls >> 8, cls & 255]);
const packetOf = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
const OPT = [0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0];

describe('parseQuery', () => {
  it('reads a question, keeps its letter case and keys it in lower case', () => {
    const parsed = parseQuery(queryPacket('WwW.Example.TEST', 'AAAA'));
    expect(parsed).toMatchObject({ kind: 'query', id: 7, flags: 0x0100, edns: false, maxBytes: 512 });
    if (parsed.kind !== 'query') return;
    expect(parsed.question).toBe('\x03WwW\x07Example\x04TEST\0\0\x1c\0\x01');
    expect(parsed.key).toBe('\x03www\x07example\x04test\0\0\x1c\0\x01');
  });

  it.each([
    ['at least 512', 100, 512],
    ['as asked', 1400, 1400],
    ['at most 4096', 65_000, 4096],
  ])('takes the payload size of EDNS: %s', (_what, asked, expected) => {
    expect(parseQuery(queryPacket('a.test', 'A', asked))).toMatchObject({ edns: true, maxBytes: expected });
  });

  it.each([
    ['shorter than a header', Buffer.alloc(11)],
    ['empty', Buffer.alloc(0)],
    ['that is a response', packetOf(header(0x8100, [1, 0, 0, 0]), question(1, 1))],
  ])('drops a packet %s', (_what, packet) => {
    expect(parseQuery(packet)).toEqual({ kind: 'drop' });
  });

  it.each([
    ['another opcode', 4, packetOf(header(0x2100, [1, 0, 0, 0]), question(1, 1))],
    ['no question', 1, header(0x0100, [0, 0, 0, 0])],
    ['300 questions', 1, packetOf(header(0x0100, [300, 0, 0, 0]), question(1, 1))],
    ['an answer in the query', 1, packetOf(header(0x0100, [1, 1, 0, 0]), question(1, 1))],
    ['a cut question', 1, packetOf(header(0x0100, [1, 0, 0, 0]), question(1, 1).subarray(0, 5))],
    [
      'a pointer in the question',
      1,
      packetOf(header(0x0100, [1, 0, 0, 0]), Buffer.from([0xc0, 12, 0, 1, 0, 1])),
    ],
    [
      'a cut additional section',
      1,
      packetOf(header(0x0100, [1, 0, 0, 1]), question(1, 1), Buffer.from(OPT.slice(0, 9))),
    ],
    [
      'two OPT records',
      1,
      packetOf(header(0x0100, [1, 0, 0, 2]), question(1, 1), Buffer.from([...OPT, ...OPT])),
    ],
    [
      'EDNS version 1',
      16,
      packetOf(header(0x0100, [1, 0, 0, 1]), question(1, 1), Buffer.from(OPT.with(6, 1))),
    ],
    ['class CH', 5, packetOf(header(0x0100, [1, 0, 0, 0]), question(16, 3))],
    ['a zone transfer', 5, packetOf(header(0x0100, [1, 0, 0, 0]), question(252, 1))],
    ['OPT as question', 1, packetOf(header(0x0100, [1, 0, 0, 0]), question(41, 1))],
  ])('answers %s with code %i', (_what, rcode, packet) => {
    expect(parseQuery(packet)).toMatchObject({ kind: 'rejection', id: 0x1234, rcode });
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(['drop', 'rejection', 'query']).toContain(parseQuery(Buffer.from(bytes)).kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives any change to a good query', () => {
    const packet = queryPacket('some.name.example.test', 'A', 1232);
    const change = fc.tuple(fc.nat(packet.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(packet.length), (changes, length) => {
        const mutated = Buffer.from(packet);
        for (const [at, byte] of changes) mutated[at] = byte;
        parseQuery(mutated.subarray(0, length));
      }),
      { numRuns: 2000 },
    );
  });
});
