import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly Buffer[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();

/** Under which name the chain knows a domain: SHA-256 of SHA-256 of its name, in hex. */
export function identityOf(domain: string): string {
  return hex(sha256(sha256(Buffer.from(domain))));
}

/** What shows those who know the name that it is the owner's: SHA-256 of the name's SHA-256 and the owner's key, in hex. */
export function confirmationOf(domain: string, ownerKey: string): string {
  return hex(sha256(sha256(Buffer.from(domain)), Buffer.from(ownerKey, 'hex')));
}
