import { describe, expect, it } from 'vitest';
import { expandRdata, isValidRdata } from './rdata.js';

/** "a.test" at offset 12, where a question stands; the data begins behind it. */
const NAME = [1, 97, 4, 116, 101, 115, 116, 0];
const START = 12 + NAME.length;
const POINTER = [0xc0, 12];
const bytes = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const messageWith = (data: readonly number[]): Buffer => Buffer.from([...bytes(12), ...NAME, ...data]);

const SHAPES: [string, number, number[], number[]][] = [
  ['NS', 2, POINTER, NAME],
  ['SOA', 6, [...POINTER, ...POINTER, ...bytes(20)], [...NAME, ...NAME, ...bytes(20)]],
  ['SRV', 33, [...bytes(6), ...POINTER], [...bytes(6), ...NAME]],
  ['SIG', 24, [...bytes(18), ...POINTER, ...bytes(9)], [...bytes(18), ...NAME, ...bytes(9)]],
  ['PX', 26, [0, 1, ...POINTER, ...POINTER], [0, 1, ...NAME, ...NAME]],
  ['NXT', 30, [...POINTER, ...bytes(3)], [...NAME, ...bytes(3)]],
  ['NAPTR', 35, [...bytes(4), 1, 65, 0, 2, 66, 67, ...POINTER], [...bytes(4), 1, 65, 0, 2, 66, 67, ...NAME]],
  ['an unknown type', 65_280, [...bytes(5), ...POINTER], [...bytes(5), ...POINTER]],
];

describe('data of a record', () => {
  it.each(SHAPES)('of type %s is accepted, and its names are written in full', (_name, type, data, whole) => {
    const message = messageWith(data);
    const out = Buffer.alloc(200);
    expect(isValidRdata(message, type, START, message.length)).toBe(true);
    const end = expandRdata(message, type, START, message.length, out, 3);
    expect([...out.subarray(3, end)]).toEqual(whole);
  });

  it.each(SHAPES.slice(0, -1))(
    'of type %s is refused when it is cut at any place in or before a name',
    (_name, type, data) => {
      for (let length = 0; length < data.lastIndexOf(0xc0) + 2; length += 1) {
        const message = messageWith(data.slice(0, length));
        expect(isValidRdata(message, type, START, message.length)).toBe(false);
      }
    },
  );
});
