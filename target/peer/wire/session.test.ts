import { createCipheriv, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, MAX_FRAME_BYTES, writeFrame } from './frame.js';
import { ClientHelloReader, ServerHelloReader, writeClientHello, writeServerHello } from './hello.js';
import { createAgreementKey } from './key-agreement.js';
import { SessionCipher } from './session-cipher.js';

const key = (fill: number): Buffer => Buffer.alloc(32, fill);
const NONCE = Buffer.from('000102030405060708090a0b', 'hex');

/** Feeds the bytes in pieces of the given sizes, the last of which repeats. */
function inPieces(bytes: Buffer, sizes: readonly number[], take: (chunk: Buffer) => void): void {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[Math.min(turn, sizes.length - 1)] ?? 1;
    take(bytes.subarray(at, at + size));
    at += size;
  }
}

describe('hello', () => {
  it("has the garbage's length XOR 10 in its first byte, and the key, and the nonce, at its end", () => {
    for (let count = 0; count < 100; count += 1) {
      const client = writeClientHello(key(1));
      const server = writeServerHello({ publicKey: key(2), nonce: NONCE });
      for (const hello of [client, server]) {
        expect(hello.length).toBeGreaterThanOrEqual(64);
        expect(hello.length).toBeLessThanOrEqual(254);
      }
      expect((client[0] ?? 0) ^ 0x0a).toBe(client.length - 33);
      expect(client.subarray(-32)).toEqual(key(1));
      expect((server[0] ?? 0) ^ 0x0a).toBe(server.length - 45);
      expect(server.subarray(-44)).toEqual(Buffer.concat([key(2), NONCE]));
    }
  });

  it('is read from bytes in pieces of any size, and what follows is handed on', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), fc.uint8Array(), sizes, (garbage, after, pieces) => {
        const tail = Buffer.concat([key(3), NONCE]);
        const bytes = Buffer.concat([Buffer.of(garbage.length ^ 10), garbage, tail, after]);
        const reader = new ServerHelloReader();
        const rest: Buffer[] = [];
        let hello: ReturnType<ServerHelloReader['read']> = null;
        inPieces(bytes, pieces, (chunk) => {
          if (hello !== null) rest.push(chunk);
          else hello = reader.read(chunk);
        });
        expect(hello).toMatchObject({ publicKey: key(3), nonce: NONCE });
        const { rest: first } = hello as unknown as { rest: Buffer };
        expect(Buffer.concat([first, ...rest])).toEqual(Buffer.from(after));
      }),
    );
  });

  it('without garbage is complete with its key', () => {
    const reader = new ClientHelloReader();
    expect(reader.read(Buffer.of(0x0a))).toBeNull();
    expect(reader.read(key(9))).toEqual({ publicKey: key(9), rest: Buffer.alloc(0) });
  });
});

describe('key agreement', () => {
  it('gives both sides the same secret, which is the raw one of X25519', () => {
    const [ours, theirs] = [createAgreementKey(), createAgreementKey()];
    expect(ours.publicKey).toHaveLength(32);
    expect(ours.agree(theirs.publicKey)).toEqual(theirs.agree(ours.publicKey));
    // RFC 7748 §6.1: Alice's secret key and her public key, through the same encoding as ours.
    const alice = createPrivateKey({
      key: Buffer.from(
        '302e020100300506032b656e04220420' +
          '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
        'hex',
      ),
      format: 'der',
      type: 'pkcs8',
    });
    const spki = createPublicKey(alice).export({ type: 'spki', format: 'der' });
    expect(spki.subarray(12).toString('hex')).toBe(
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    );
    const secret = diffieHellman({
      privateKey: alice,
      publicKey: createPublicKey({
        key: Buffer.concat([spki.subarray(0, 12), ours.publicKey]),
        format: 'der',
        type: 'spki',
      }),
    });
    expect(ours.agree(spki.subarray(12))).toEqual(secret);
  });

  it('refuses a key with which every secret is zero', () => {
    expect(createAgreementKey().agree(Buffer.alloc(32))).toBeNull();
  });
});

describe('session cipher', () => {
  it('is ChaCha20-Poly1305 with the same nonce for every message, the tag at the end', () => {
    const cipher = new SessionCipher(key(7), NONCE);
    for (const text of ['first', 'second']) {
      const plain = createCipheriv('chacha20-poly1305', key(7), NONCE, { authTagLength: 16 });
      const body = Buffer.concat([plain.update(text), plain.final()]);
      const sealed = cipher.seal(Buffer.from(text));
      expect(sealed).toEqual(Buffer.concat([body, plain.getAuthTag()]));
      expect(new SessionCipher(key(7), NONCE).open(sealed)).toEqual(Buffer.from(text));
    }
  });

  it('opens nothing that was changed, cut or sealed otherwise', () => {
    const cipher = new SessionCipher(key(7), NONCE);
    const sealed = cipher.seal(Buffer.from('message'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(cipher.open(changed)).toBeNull();
      expect(cipher.open(sealed.subarray(0, at))).toBeNull();
    }
    expect(new SessionCipher(key(8), NONCE).open(sealed)).toBeNull();
  });
});

describe('frames', () => {
  it("begin with the length XOR 0xaaaa, in the network's order", () => {
    expect(writeFrame(Buffer.alloc(3, 5)).toString('hex')).toBe('aaa9050505');
    expect(writeFrame(Buffer.alloc(MAX_FRAME_BYTES)).subarray(0, 2).toString('hex')).toBe('5555');
    expect(() => writeFrame(Buffer.alloc(MAX_FRAME_BYTES + 1))).toThrow('65536 bytes');
  });

  it('are read from bytes in pieces of any size', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 });
    const lengths = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 8 });
    fc.assert(
      fc.property(lengths, sizes, (each, pieces) => {
        const bodies = each.map((length, index) => Buffer.alloc(length, index + 1));
        const reader = new FrameReader();
        const read: Buffer[] = [];
        inPieces(Buffer.concat(bodies.map(writeFrame)), pieces, (chunk) => {
          const taken = reader.read(chunk, (frame) => {
            read.push(Buffer.from(frame));
            return true;
          });
          expect(taken).toBe('ok');
        });
        expect(read.map(({ length }) => length)).toEqual(each);
        expect(Buffer.concat(read).equals(Buffer.concat(bodies))).toBe(true);
      }),
    );
  });

  it('end the reading when one is empty, or when the taker says so', () => {
    const reader = new FrameReader();
    const read: string[] = [];
    const two = Buffer.concat([writeFrame(Buffer.from('a')), writeFrame(Buffer.from('b'))]);
    expect(reader.read(two, (frame) => read.push(String(frame)) === 0)).toBe('ok');
    expect(read).toEqual(['a']);
    expect(new FrameReader().read(Buffer.from('aaaa', 'hex'), () => true)).toBe('empty');
  });
});
