/** Length of the prefix in front of each message (RFC 1035 §4.2.2). */
export const PREFIX_BYTES = 2;
/**
 * Longest message taken from a client. A question with its OPT record is below 600 bytes, padded (RFC 8467) below
 * 1 KB; 65 535 as the prefix allows would let each of a thousand connections hold that much.
 */
export const MAX_STREAM_QUERY_BYTES = 4096;

/** What became of a chunk: `too-long` when a prefix announces more than is taken, and then the stream is of no use any more. */
export type FrameResult = 'ok' | 'too-long';

const NOTHING = Buffer.alloc(0);

/**
 * Cuts a byte stream into length-prefixed messages, however the bytes are split. Between chunks it keeps at most one
 * incomplete message, in a buffer of its own: a slice of what was received would pin 64 KB for one byte.
 */
export class FrameReader {
  private readonly maxBytes: number;
  private rest: Buffer = NOTHING;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** True when a message has begun that is not complete. */
  get isMidMessage(): boolean {
    return this.rest.length > 0;
  }

  /** Hands each message that `chunk` completes to `onMessage`, which may use it until it returns. */
  read(chunk: Buffer, onMessage: (message: Buffer) => void): FrameResult {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const length = bytes.readUInt16BE(at);
      if (length > this.maxBytes) {
        this.rest = NOTHING;
        return 'too-long';
      }
      const end = at + PREFIX_BYTES + length;
      if (end > bytes.length) break;
      onMessage(bytes.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    this.rest = at === bytes.length ? NOTHING : copyOf(bytes.subarray(at));
    return 'ok';
  }
}

function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
