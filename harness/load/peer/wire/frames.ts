import { createCipheriv, createDecipheriv } from 'node:crypto';
import { PeerProtocolError } from './peer-protocol-error.js';

const PREFIX_BYTES = 2;
const LENGTH_MASK = 0xaaaa;
const TAG_BYTES = 16;
const MAX_SEALED_BYTES = 0xffff;

/** Longest message that a frame can hold. */
export const MAX_MESSAGE_BYTES = MAX_SEALED_BYTES - TAG_BYTES;

/**
 * What both sides encipher with: ChaCha20-Poly1305 under the raw shared secret. ALFIS uses one nonce for every message
 * in both directions, which gives its plaintexts away; that is kept here to be understood by it, and for nothing else.
 */
export interface Session {
  readonly key: Buffer;
  readonly nonce: Buffer;
}

/** A message as it goes over the wire. Throws `RangeError` where ALFIS would write a length that wraps. */
export function sealFrame({ key, nonce }: Session, message: Buffer): Buffer {
  if (message.length > MAX_MESSAGE_BYTES) {
    throw new RangeError(`a message of ${message.length} bytes; a frame holds ${MAX_MESSAGE_BYTES}`);
  }
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length + TAG_BYTES);
  frame.writeUInt16BE((message.length + TAG_BYTES) ^ LENGTH_MASK);
  cipher.update(message).copy(frame, PREFIX_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(frame, PREFIX_BYTES + message.length);
  return frame;
}

/** The message of a frame without its prefix. Throws `PeerProtocolError` for one that the session's key did not make. */
export function openSealed({ key, nonce }: Session, sealed: Buffer): Buffer {
  const at = sealed.length - TAG_BYTES;
  if (at < 0) throw new PeerProtocolError(`a frame of ${sealed.length} bytes has no room for its tag`);
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(at));
  const message = decipher.update(sealed.subarray(0, at));
  try {
    decipher.final();
  } catch {
    throw new PeerProtocolError('a frame that cannot be deciphered');
  }
  return message;
}

/**
 * Cuts a stream into frames, however its bytes are split, and hands over each one without its prefix. Between chunks
 * it keeps at most one frame, 64 KiB. Throws `PeerProtocolError` for an empty frame.
 */
export function createFrameReader(onSealed: (sealed: Buffer) => void): (chunk: Buffer) => void {
  let kept = Buffer.alloc(0);
  return (chunk) => {
    const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const length = bytes.readUInt16BE(at) ^ LENGTH_MASK;
      if (length === 0) throw new PeerProtocolError('an empty frame');
      const end = at + PREFIX_BYTES + length;
      if (end > bytes.length) break;
      onSealed(bytes.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    kept = Buffer.from(bytes.subarray(at));
  };
}
