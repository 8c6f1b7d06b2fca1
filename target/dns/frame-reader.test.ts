import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framed } from '../fixtures/tcp-client.js';
import { FrameReader, MAX_STREAM_QUERY_BYTES } from './frame-reader.js';

const readAll = (chunks: readonly Buffer[]): { messages: string[]; reader: FrameReader } => {
  const reader = new FrameReader(MAX_STREAM_QUERY_BYTES);
  const messages: string[] = [];
  for (const chunk of chunks) reader.read(chunk, (message) => messages.push(message.toString('hex')));
  return { messages, reader };
};

describe('FrameReader', () => {
  it('finds the same messages however the bytes are split', () => {
    const message = fc.uint8Array({ maxLength: 40 });
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), cuts, (sent, sizes) => {
        const bytes = Buffer.concat(sent.map((each) => framed(Buffer.from(each))));
        const chunks: Buffer[] = [];
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const { messages, reader } = readAll(chunks);
        expect(messages).toEqual(sent.map((each) => Buffer.from(each).toString('hex')));
        expect(reader.isMidMessage).toBe(false);
      }),
    );
  });

  it('refuses a message that is longer than any query, before it comes', () => {
    const reader = new FrameReader(100);
    expect(reader.read(Buffer.from([0, 101]), () => expect.unreachable())).toBe('too-long');
    expect(reader.read(Buffer.from([0, 100, 1]), () => expect.unreachable())).toBe('ok');
    expect(reader.isMidMessage).toBe(true);
  });
});
