import { hash32, hash32Begin, hash32End, hash32Step } from '../../core/random.js';

/**
 * What the stub upstream answers for a name, and therefore what the driver expects: pure functions of the
 * name (case does not matter), so that neither side keeps a table and a wrong answer cannot pass as right.
 */

/** Names whose first label starts with this do not exist. */
export const NXDOMAIN_PREFIX = 'nx-';

/** Names that the upstream's seeded loss spares: the target's service is probed with them. */
export const PROBE_PREFIX = 'probe-';

const DOT = 0x2e;
const TEN_SLASH_EIGHT = 0x0a000000;

/** The name's only A record as a 32-bit number, in 10.0.0.0/8. */
export function ipv4NumberOf(name: string): number {
  return TEN_SLASH_EIGHT + (hash32(name.toLowerCase()) & 0xffffff);
}

/** `ipv4NumberOf` the lower-case, uncompressed name at `at`, without making a string of it. */
export function ipv4NumberOfWire(message: Uint8Array, at: number): number {
  let hash = hash32Begin();
  let lengthAt = at;
  let length = message[at] as number;
  while (length !== 0) {
    if (lengthAt !== at) hash = hash32Step(hash, DOT);
    for (let i = lengthAt + 1; i <= lengthAt + length; i++) hash = hash32Step(hash, message[i] as number);
    lengthAt += 1 + length;
    length = message[lengthAt] as number;
  }
  return TEN_SLASH_EIGHT + (hash32End(hash) & 0xffffff);
}

/** The name's only AAAA record, 16 bytes in fd00::/8 (RFC 4193). */
export function ipv6BytesOf(name: string): Buffer {
  const lower = name.toLowerCase();
  const bytes = Buffer.allocUnsafe(16);
  for (let word = 0; word < 4; word++) bytes.writeUInt32BE(hash32(lower, word + 1), word * 4);
  bytes[0] = 0xfd;
  return bytes;
}

/** The name's only TXT record, one string. */
export function textOf(name: string): string {
  return `leak-soak ${hash32(name.toLowerCase()).toString(16).padStart(8, '0')}`;
}

/** `10.1.2.3` for a 32-bit address. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
