import { createCipheriv, createDecipheriv } from 'node:crypto';

export const NONCE_BYTES = 12;
/** Length of the Poly1305 tag behind each message. */
export const TAG_BYTES = 16;
const ALGORITHM = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG_BYTES };

/**
 * ChaCha20-Poly1305 (RFC 8439) as ALFIS uses it: the key is the shared secret itself, and one nonce serves every message
 * of a session in both directions. That is ALFIS's flaw: whoever sees two messages learns their XOR, and the tag can be
 * forged. It is kept because there is no talking to ALFIS without it; nothing secret goes over these connections.
 */
export class SessionCipher {
  private readonly key: Buffer;
  private readonly nonce: Buffer;

  constructor(sharedSecret: Buffer, nonce: Buffer) {
    this.key = sharedSecret;
    this.nonce = nonce;
  }

  /** The message in cipher, with its tag. */
  seal(message: Buffer): Buffer {
    const cipher = createCipheriv(ALGORITHM, this.key, this.nonce, OPTIONS);
    return Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
  }

  /** The message; null when it was not sealed with this key. */
  open(sealed: Buffer): Buffer | null {
    if (sealed.length < TAG_BYTES) return null;
    const decipher = createDecipheriv(ALGORITHM, this.key, this.nonce, OPTIONS);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const message = decipher.update(sealed.subarray(0, -TAG_BYTES));
    try {
      decipher.final();
      return message;
    } catch {
      return null;
    }
  }
}
