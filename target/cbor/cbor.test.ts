import { Encoder } from 'cbor-x';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborError, CborReader } from './cbor-reader.js';
import { CborWriter } from './cbor-writer.js';

/** An implementation of the format that the node does not use. */
const other = new Encoder({ variableMapSize: true, useRecords: false, mapsAsObjects: true });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const written = (write: (writer: CborWriter) => unknown): Buffer => {
  const writer = new CborWriter();
  write(writer);
  return writer.finish();
};

describe('CborWriter', () => {
  // RFC 8949, appendix A.
  it.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [100, '1864'],
    [1000, '1903e8'],
    [1_000_000, '1a000f4240'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [18_446_744_073_709_551_615n, '1bffffffffffffffff'],
    [-1, '20'],
    [-1000, '3903e7'],
  ] as const)('writes %s as the standard does', (value, expected) => {
    const bytes = written((to) => (typeof value === 'bigint' ? to.unsigned(value) : to.integer(value)));
    expect(hex(bytes)).toBe(expected);
  });

  it('writes what another implementation reads', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.uint8Array(),
        (text, number, truth, bytes) => {
          const encoded = written((to) =>
            to.map(2).text(text).array(2).integer(number).boolean(truth).text('bytes').byteArray(bytes),
          );
          const decoded = other.decode(encoded);
          const value = text === '__proto__' ? '__proto_' : text;
          expect(decoded.bytes).toEqual([...bytes]);
          if (value === text && text !== 'bytes')
            expect(decoded[text].map(String)).toEqual([`${number}`, `${truth}`]);
        },
      ),
    );
  });
});

describe('CborReader', () => {
  it('reads what another implementation writes', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.uint8Array(), (text, number, bytes) => {
        const reader = new CborReader(other.encode([text, number, [...bytes]]));
        expect(reader.readArray(3)).toBe(3);
        expect(reader.readText(1000)).toBe(text);
        expect(reader.readInteger()).toBe(number);
        expect(reader.readByteArray(1000)).toEqual(Buffer.from(bytes));
        expect(reader.isAtEnd).toBe(true);
      }),
    );
  });

  it('reads over any item of another implementation', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const reader = new CborReader(Buffer.concat([other.encode(value), Buffer.of(7)]));
        reader.skip();
        expect(reader.readUnsigned(10)).toBe(7);
      }),
    );
  });

  it('refuses a length beyond the bytes before it makes anything of it', () => {
    const claim = (start: number) => new CborReader(Buffer.of(start | 26, 0xff, 0xff, 0xff, 0xff, 1));
    expect(() => claim(0x80).readArray(Number.MAX_SAFE_INTEGER)).toThrow(CborError);
    expect(() => claim(0xa0).readMap(Number.MAX_SAFE_INTEGER)).toThrow(CborError);
    expect(() => claim(0x60).readText(Number.MAX_SAFE_INTEGER)).toThrow(CborError);
    expect(() => claim(0x80).readByteArray(Number.MAX_SAFE_INTEGER)).toThrow(CborError);
    expect(() => claim(0x80).skip()).toThrow(CborError);
  });

  it('refuses what is nested deeper than it looks', () => {
    expect(() => new CborReader(Buffer.alloc(1000, 0x81)).skip()).toThrow('nested too deeply');
    expect(() => new CborReader(Buffer.alloc(1000, 0xc1)).skip()).toThrow('nested too deeply');
  });

  it('throws nothing but its own error, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const read of [
          (from: CborReader) => from.skip(),
          (from: CborReader) => from.readText(100),
          (from: CborReader) => from.readByteArray(100),
          (from: CborReader) => from.readInteger(),
          (from: CborReader) => from.readU64(),
          (from: CborReader) => from.readMap(100),
        ]) {
          try {
            read(new CborReader(Buffer.from(bytes)));
          } catch (error) {
            expect(error).toBeInstanceOf(CborError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
