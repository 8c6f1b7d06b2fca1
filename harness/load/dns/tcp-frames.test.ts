import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFrameReader, frame } from './tcp-frames.js';

it('gives back every message of a stream, wherever it is cut', () => {
  const message = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), fc.array(fc.nat(4000)), (messages, cuts) => {
      const stream = Buffer.concat(messages.map((bytes) => frame(Buffer.from(bytes))));
      const seen: Buffer[] = [];
      const read = createFrameReader((bytes) => seen.push(Buffer.from(bytes)));
      const ends = [...cuts.filter((at) => at < stream.length), stream.length].sort((a, b) => a - b);
      for (const [i, end] of ends.entries()) read(stream.subarray(ends[i - 1] ?? 0, end));
      expect(seen.map((bytes) => [...bytes])).toEqual(messages.map((bytes) => [...bytes]));
    }),
  );
});

it('waits for the rest of a message that claims to be longer', () => {
  const seen: number[] = [];
  const read = createFrameReader((bytes) => seen.push(bytes.length));
  read(Buffer.from([0xff, 0xff, 1, 2, 3]));
  expect(seen).toEqual([]);
  read(Buffer.alloc(0xffff - 3));
  expect(seen).toEqual([0xffff]);
});
