import { describe, expect, it } from 'vitest';
import { checkName, isAtOrBelow, lowerName, MALFORMED, readLowerName, skipName } from './name.js';

const HEADER = new Array<number>(12).fill(0);
const bytes = (...parts: (number | string | number[])[]): Buffer =>
  Buffer.from([
    ...HEADER,
    ...parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)),
  ]);

describe('checkName', () => {
  it('accepts a plain name and returns the offset after it', () => {
    const message = bytes(3, 'www', 4, 'test', 0, 99);
    expect(checkName(message, 12, message.length)).toBe(22);
  });

  it('accepts a pointer to an earlier name and returns the offset after the pointer', () => {
    const message = bytes(4, 'test', 0, 3, 'www', 0xc0, 12);
    expect(checkName(message, 18, message.length)).toBe(24);
  });

  it.each([
    ['points at itself', bytes(0xc0, 12), 12],
    ['is a label followed by a pointer back to it', bytes(1, 'a', 0xc0, 12), 12],
    ['points forward', bytes(0xc0, 14, 0), 12],
    ['points into the header', bytes(0xc0, 4), 12],
    ['has a reserved label type', bytes(0x40, 0), 12],
    ['has a 64-byte label', bytes(64, 'x'.repeat(64), 0), 12],
    ['runs past the end', bytes(5, 'ab'), 12],
    ['has half a pointer', bytes(0xc0), 12],
    [
      'is longer than 255 bytes',
      bytes(...Array.from({ length: 5 }, () => [63, ...Buffer.alloc(63, 'x')]), 0),
      12,
    ],
  ])('refuses a name that %s', (_what, message, offset) => {
    expect(checkName(message, offset, message.length)).toBe(MALFORMED);
  });

  it('refuses a pointer that lands in a record head or runs into one, and no other', () => {
    // A name, 10 bytes of head, a name that begins in data, another head, and the pointer.
    const message = bytes(
      1,
      'a',
      0,
      1,
      'b',
      [0, 0, 0, 0, 0, 0, 0, 3],
      1,
      'c',
      0,
      new Array(10).fill(0),
      0xc0,
      0,
    );
    const heads = [15, 28];
    const pointer = 38;
    const end = pointer + 2;
    const accepted = Array.from({ length: pointer - 12 }, (_, index) => 12 + index).filter((target) => {
      message[pointer + 1] = target;
      return checkName(message, pointer, end, heads) === end;
    });
    expect(accepted).toEqual([12, 14, 25, 27]);
  });

  it('refuses a chain of more pointers than a name can have labels', () => {
    // The root label at 12, then pointers, each to the one before.
    const chain = Buffer.alloc(2 * 200);
    for (let index = 0; index < 200; index += 1) {
      chain.writeUInt16BE(0xc000 | (index === 0 ? 12 : 11 + 2 * index), 2 * index);
    }
    const message = bytes(0, [...chain]);
    expect(checkName(message, 13 + 2 * 126, message.length)).toBe(15 + 2 * 126);
    expect(checkName(message, 13 + 2 * 127, message.length)).toBe(MALFORMED);
  });
});

describe('lowerName', () => {
  it('lowers ASCII letters only', () => {
    const message = bytes(4, 'A', 0xc0, 'zZ', 0);
    const lowered = Buffer.alloc(6);
    expect(lowerName(message, 12, message.length, lowered)).toBe(18);
    expect([...lowered]).toEqual([4, 0x61, 0xc0, 0x7a, 0x7a, 0]);
  });

  it('takes a name of 255 bytes and refuses one of 256', () => {
    const label = (length: number): number[] => [length, ...Buffer.alloc(length, 'x')];
    const longest = bytes(label(63), label(63), label(63), label(61), 0);
    expect(lowerName(longest, 12, longest.length, Buffer.alloc(255))).toBe(12 + 255);
    const longer = bytes(label(63), label(63), label(63), label(62), 0);
    expect(lowerName(longer, 12, longer.length, Buffer.alloc(255))).toBe(MALFORMED);
  });

  it('refuses compression, which a question has no use for', () => {
    const message = bytes(1, 'a', 0xc0, 12);
    expect(lowerName(message, 12, message.length, Buffer.alloc(255))).toBe(MALFORMED);
  });
});

describe('skipName', () => {
  it('ends a name at its first pointer without looking where that goes', () => {
    const message = bytes(1, 'a', 0xff, 0xff);
    expect(skipName(message, 12, message.length)).toBe(16);
  });
});

describe('readLowerName', () => {
  it('follows pointers and lowers ASCII letters only', () => {
    const message = bytes(4, 'TEST', 0, [2, 0x41, 0xc4], 0xc0, 12);
    expect(readLowerName(message, 18)).toBe('\x02a\xc4\x04test\0');
  });
});

describe('isAtOrBelow', () => {
  it.each([
    ['\x01a\x04test\0', '\x01a\x04test\0', true],
    ['\x01a\x04test\0', '\x04test\0', true],
    ['\x01a\x04test\0', '\0', true],
    ['\x04test\0', '\x01a\x04test\0', false],
    ['\x02xa\x04test\0', '\x01a\x04test\0', false],
    ['\x05xtest\0', '\x04test\0', false],
  ])('of %j and %j is decided by whole labels', (name, ancestor, expected) => {
    expect(isAtOrBelow(name, ancestor)).toBe(expected);
  });
});
