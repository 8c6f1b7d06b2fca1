import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';

/** Length of an X25519 key (RFC 7748 §5). */
export const AGREEMENT_KEY_BYTES = 32;
/** SubjectPublicKeyInfo of an X25519 key (RFC 8410 §4) up to the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** One side's X25519 key: made at start and used for every session of the process, as ALFIS does. */
export interface AgreementKey {
  readonly publicKey: Buffer;
  /** The secret shared with the owner of `remote`; null for a key with which every secret is zero (RFC 7748 §6.1). */
  agree(remote: Buffer): Buffer | null;
}

/** A new key. */
export function createAgreementKey(): AgreementKey {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length),
    agree: (remote) => {
      const key = Buffer.concat([SPKI_PREFIX, remote]);
      try {
        const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
        return diffieHellman({ privateKey, publicKey });
      } catch {
        return null;
      }
    },
  };
}
