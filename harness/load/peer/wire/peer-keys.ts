import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { PeerProtocolError } from './peer-protocol-error.js';

/** SubjectPublicKeyInfo of an X25519 key (RFC 8410 §4) up to the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** The X25519 key of a peer; as in ALFIS, one serves all of its connections. */
export interface PeerKeys {
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** The raw shared secret, 32 bytes. Throws `PeerProtocolError` for a key with which there is none. */
  agree(otherKey: Buffer): Buffer;
}

export function createPeerKeys(): PeerKeys {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const agreeAnew = (otherKey: Buffer): Buffer => {
    const key = Buffer.concat([SPKI_PREFIX, otherKey]);
    try {
      return diffieHellman({
        privateKey,
        publicKey: createPublicKey({ key, format: 'der', type: 'spki' }),
      });
    } catch {
      throw new PeerProtocolError('its hello holds no X25519 key');
    }
  };
  let last: { readonly otherKey: Buffer; readonly secret: Buffer } | null = null;
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length),
    agree(otherKey) {
      // A load calls one target a thousand times a second, which has one key as well.
      if (last?.otherKey.equals(otherKey) !== true) {
        last = { otherKey: Buffer.from(otherKey), secret: agreeAnew(otherKey) };
      }
      return last.secret;
    },
  };
}
