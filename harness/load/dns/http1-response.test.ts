import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResponse } from './http1-response.js';

function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

const PLAIN = bytes('HTTP/1.1 200 OK\nContent-Type: Application/DNS-message; x=1\ncontent-length: 3\n\nabc');
const CHUNKED = bytes('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2;ext=1\nab\n1\nc\n0\n\n');

describe('http/1.1 response', () => {
  it('is read with a length, and in chunks', () => {
    expect(readResponse(PLAIN)).toEqual({
      status: 200,
      type: 'application/dns-message',
      body: Buffer.from('abc'),
      keepsAlive: true,
    });
    expect(readResponse(CHUNKED)).toMatchObject({ status: 200, type: '', body: Buffer.from('abc') });
    const closing = bytes('HTTP/1.1 503 Busy\nConnection: Close\nContent-Length: 0\n\n');
    expect(readResponse(closing)).toMatchObject({ status: 503, keepsAlive: false });
  });

  it.each([PLAIN, CHUNKED])('is waited for until it is whole', (whole) => {
    for (let length = 0; length < whole.length; length++) {
      expect(readResponse(whole.subarray(0, length))).toBeNull();
    }
  });

  it.each([
    'SSH-2.0-OpenSSH\n\n',
    'HTTP/1.1 200 OK\n\nno length',
    'HTTP/1.1 200 OK\nContent-Length: -1\n\n',
    'HTTP/1.1 200 OK\nContent-Length: 1\n\nab',
    'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nxyz\n',
    `HTTP/1.1 200 OK\nX: ${'y'.repeat(140_000)}`,
  ])('is malformed when it can never be one', (text) => {
    expect(readResponse(bytes(text))).toBe('malformed');
  });

  it('is judged whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.nat(CHUNKED.length - 1),
        fc.nat(255),
        fc.uint8Array({ maxLength: 50 }),
        (at, value, more) => {
          const damaged = Buffer.concat([CHUNKED, more]);
          damaged[at] = value;
          const read = readResponse(damaged);
          if (read !== null && read !== 'malformed')
            expect(read.body.length).toBeLessThanOrEqual(damaged.length);
        },
      ),
    );
  });
});
