import { decode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeQuestion, RCODE, RCODE_MASK, TYPE } from './dns-wire.js';
import { createZoneResponder } from './zone-responder.js';

const respond = createZoneResponder({ zones: ['soak.test', 'inner.soak.test'], ttlSec: 60 });
const QUERY = encodeQuestion(0x1234, 'a.soak.test', TYPE.A);

function rcodeFor(query: Buffer): number | null {
  const reply = respond(query);
  return reply === null ? null : reply.message.readUInt16BE(2) & RCODE_MASK;
}

function patched(at: number, ...bytes: number[]): Buffer {
  const query = Buffer.from(QUERY);
  query.set(bytes, at);
  return query;
}

describe('zone responder', () => {
  it('answers in the form that an independent codec reads', () => {
    const packet = decode(respond(encodeQuestion(5, 'x.inner.soak.test', 15))?.message ?? Buffer.alloc(0));
    expect(packet).toMatchObject({ id: 5, type: 'response', flag_aa: true, flag_rd: true, answers: [] });
    expect(packet.authorities).toMatchObject([
      { name: 'inner.soak.test', type: 'SOA', ttl: 60, data: { mname: 'ns.inner.soak.test', minimum: 60 } },
    ]);
  });

  it.each<[string, Buffer, number | null]>([
    ['a cut header', QUERY.subarray(0, 11), null],
    ['an answer', patched(2, 0x81, 0x80), null],
    ['another opcode', patched(2, 0x28, 0), RCODE.NOTIMP],
    ['no question', patched(4, 0, 0), RCODE.FORMERR],
    ['300 questions', patched(4, 1, 44), RCODE.FORMERR],
    ['a name cut short', QUERY.subarray(0, 20), RCODE.FORMERR],
    ['a missing type', QUERY.subarray(0, -3), RCODE.FORMERR],
    ['a pointer to itself', patched(12, 0xc0, 12), RCODE.FORMERR],
    ['a 64-byte label', patched(12, 64), RCODE.FORMERR],
    ['a name of 255 bytes', encodeQuestion(1, `${'a.'.repeat(122)}soak.test`, TYPE.A), RCODE.NOERROR],
    ['a name of 256 bytes', encodeQuestion(1, `${'a.'.repeat(122)}xsoak.test`, TYPE.A), RCODE.FORMERR],
    ['another class', patched(QUERY.length - 1, 3), RCODE.REFUSED],
  ])('treats %s as it should', (_what, query, rcode) => {
    expect(rcodeFor(query)).toBe(rcode);
  });

  it('does not take a dot inside a label for the border of a zone', () => {
    const query = encodeQuestion(1, 'x-soak.test', TYPE.A);
    query[14] = 0x2e; // one label "x.soak"
    expect(rcodeFor(query)).toBe(RCODE.REFUSED);
  });

  it('keeps the case of the question in the answer', () => {
    const reply = respond(encodeQuestion(1, 'MiXed.Soak.test', TYPE.A));
    expect(decode(reply?.message ?? Buffer.alloc(0)).questions).toMatchObject([{ name: 'MiXed.Soak.test' }]);
    expect(reply?.name).toBe('mixed.soak.test');
  });

  it('survives any bytes and any damage to a good query', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        respond(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: QUERY.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        respond(patched(at, value));
      }),
    );
  });
});
