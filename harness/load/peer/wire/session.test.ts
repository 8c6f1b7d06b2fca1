import { describe, expect, it } from 'vitest';
import { createFrameReader, MAX_MESSAGE_BYTES, openSealed, sealFrame } from './frames.js';
import {
  createHelloReader,
  NONCE_BYTES,
  PUBLIC_KEY_BYTES,
  writeClientHello,
  writeServerHello,
} from './hello.js';
import { createPeerKeys } from './peer-keys.js';
import { PeerProtocolError } from './peer-protocol-error.js';

const KEY = Buffer.alloc(PUBLIC_KEY_BYTES, 7);
const NONCE = Buffer.alloc(NONCE_BYTES, 9);

describe('a hello', () => {
  it('is 64 to 254 bytes long: the length of the garbage XOR 0x0A, the garbage, the key', () => {
    const lengths = Array.from({ length: 2000 }, () => {
      const hello = writeClientHello(KEY);
      expect((hello[0] as number) ^ 0x0a).toBe(hello.length - 33);
      expect(hello.subarray(-32)).toEqual(KEY);
      return hello.length;
    });
    expect(Math.min(...lengths)).toBeLessThan(70);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(64);
    expect(Math.max(...lengths)).toBeGreaterThan(248);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(254);
  });

  it('of the accepting side has the nonce behind the key', () => {
    const hello = writeServerHello(KEY, NONCE);
    expect((hello[0] as number) ^ 0x0a).toBe(hello.length - 45);
    expect(hello.subarray(-44)).toEqual(Buffer.concat([KEY, NONCE]));
  });

  it('is read however it is split, and what follows is left over', () => {
    const bytes = Buffer.concat([writeClientHello(KEY), Buffer.from('next')]);
    const read = createHelloReader(PUBLIC_KEY_BYTES);
    const whole = [...bytes].map((byte) => read(Buffer.of(byte))).find((hello) => hello !== null);
    expect(whole).toEqual({ tail: KEY, rest: Buffer.alloc(0) });
    expect(createHelloReader(PUBLIC_KEY_BYTES)(bytes)).toEqual({ tail: KEY, rest: Buffer.from('next') });
  });

  it('with a key of all zeros makes no secret', () => {
    expect(() => createPeerKeys().agree(Buffer.alloc(PUBLIC_KEY_BYTES))).toThrow(PeerProtocolError);
  });

  it('gives both sides the same secret', () => {
    const [one, other] = [createPeerKeys(), createPeerKeys()];
    expect(one.agree(other.publicKey)).toEqual(other.agree(one.publicKey));
  });
});

describe('a frame', () => {
  // RFC 8439 §2.8.2; its additional data changes the tag only.
  const session = {
    key: Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i)),
    nonce: Buffer.from('070000004041424344454647', 'hex'),
  };
  const plain = Buffer.from(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );

  it('is the length of the ciphertext XOR 0xAAAA, ChaCha20, and a tag of 16 bytes', () => {
    const frame = sealFrame(session, plain);
    expect(frame.subarray(0, 2).toString('hex')).toBe('aa28');
    expect(frame.subarray(2, 18).toString('hex')).toBe('d31a8d34648e60db7b86afbc53ef7ec2');
    expect(frame.length).toBe(2 + 114 + 16);
    expect(openSealed(session, frame.subarray(2))).toEqual(plain);
  });

  it('with a changed bit, or of another session, is refused', () => {
    const sealed = sealFrame(session, plain).subarray(2);
    expect(() => openSealed({ ...session, nonce: NONCE }, sealed)).toThrow(/cannot be deciphered/);
    sealed[3] = (sealed[3] as number) ^ 1;
    expect(() => openSealed(session, sealed)).toThrow(PeerProtocolError);
    expect(() => openSealed(session, sealed.subarray(0, 15))).toThrow(/no room for its tag/);
  });

  it('holds 65 519 bytes and no more', () => {
    expect(MAX_MESSAGE_BYTES).toBe(65_519);
    const most = sealFrame(session, Buffer.alloc(MAX_MESSAGE_BYTES));
    expect(most.readUInt16BE(0)).toBe(0xffff ^ 0xaaaa);
    expect(() => sealFrame(session, Buffer.alloc(MAX_MESSAGE_BYTES + 1))).toThrow(RangeError);
  });

  it('is cut out of a stream however it is split', () => {
    const messages = [plain, Buffer.alloc(0), Buffer.alloc(3000, 5)];
    const stream = Buffer.concat(messages.map((message) => sealFrame(session, message)));
    for (const step of [1, 7, 1000, stream.length]) {
      const seen: Buffer[] = [];
      const read = createFrameReader((sealed) => seen.push(openSealed(session, sealed)));
      for (let at = 0; at < stream.length; at += step) read(stream.subarray(at, at + step));
      expect(seen).toEqual(messages);
    }
  });

  it('of no bytes is an error', () => {
    const read = createFrameReader(() => undefined);
    expect(() => read(Buffer.from('aaaa', 'hex'))).toThrow(/empty frame/);
  });
});
