import { randomBytes, randomInt } from 'node:crypto';
import { AGREEMENT_KEY_BYTES } from './key-agreement.js';
import { NONCE_BYTES } from './session-cipher.js';

/** The first byte of a hello is the length of the garbage that follows, XOR this. */
const GARBAGE_MASK = 0x0a;
/** A hello is from 64 to 254 bytes long, so that its length tells nothing. */
const MIN_HELLO_BYTES = 64;
const MAX_HELLO_BYTES = 254;
const MAX_GARBAGE_BYTES = 0xff;

/** What the one who was called says of itself: its key, and the nonce of the session. */
export interface ServerHello {
  readonly publicKey: Buffer;
  readonly nonce: Buffer;
}

const CLIENT_TAIL_BYTES = AGREEMENT_KEY_BYTES;
const SERVER_TAIL_BYTES = AGREEMENT_KEY_BYTES + NONCE_BYTES;

/** The caller's hello: garbage length, garbage, X25519 key. */
export function writeClientHello(publicKey: Buffer): Buffer {
  return withGarbage(publicKey);
}

/** The answer to it: garbage length, garbage, X25519 key, nonce. */
export function writeServerHello({ publicKey, nonce }: ServerHello): Buffer {
  return withGarbage(Buffer.concat([publicKey, nonce]));
}

function withGarbage(tail: Buffer): Buffer {
  const garbageBytes = randomInt(MIN_HELLO_BYTES, MAX_HELLO_BYTES + 1) - 1 - tail.length;
  return Buffer.concat([Buffer.of(garbageBytes ^ GARBAGE_MASK), randomBytes(garbageBytes), tail]);
}

/** The hello's last bytes, and what came after them. */
interface Completed {
  readonly tail: Buffer;
  readonly rest: Buffer;
}

/** Collects a hello, however its bytes are split; it keeps at most 300 of them. */
class HelloReader {
  private readonly tailBytes: number;
  private readonly bytes: Buffer;
  private length = 0;

  constructor(tailBytes: number) {
    this.tailBytes = tailBytes;
    this.bytes = Buffer.allocUnsafeSlow(1 + MAX_GARBAGE_BYTES + tailBytes);
  }

  /** Null until the hello is complete. */
  read(chunk: Buffer): Completed | null {
    const taken = chunk.copy(this.bytes, this.length);
    const before = this.length;
    this.length += taken;
    const total = 1 + ((this.bytes[0] ?? 0) ^ GARBAGE_MASK) + this.tailBytes;
    if (this.length === 0 || this.length < total) return null;
    const tail = Buffer.from(this.bytes.subarray(total - this.tailBytes, total));
    return { tail, rest: chunk.subarray(total - before) };
  }
}

/** Reads a caller's hello; null until it is complete. */
export class ClientHelloReader {
  private readonly reader = new HelloReader(CLIENT_TAIL_BYTES);

  read(chunk: Buffer): { readonly publicKey: Buffer; readonly rest: Buffer } | null {
    const completed = this.reader.read(chunk);
    return completed === null ? null : { publicKey: completed.tail, rest: completed.rest };
  }
}

/** Reads the answer; null until it is complete. */
export class ServerHelloReader {
  private readonly reader = new HelloReader(SERVER_TAIL_BYTES);

  read(chunk: Buffer): (ServerHello & { readonly rest: Buffer }) | null {
    const completed = this.reader.read(chunk);
    if (completed === null) return null;
    const { tail, rest } = completed;
    const publicKey = tail.subarray(0, AGREEMENT_KEY_BYTES);
    return { publicKey, nonce: tail.subarray(AGREEMENT_KEY_BYTES), rest };
  }
}
