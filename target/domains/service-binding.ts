import { wireName } from '../dns/name-key.js';
import { ipv4Bytes, ipv6Bytes, word } from './bytes-text.js';

/** Writes the value of a parameter; null when it is none. */
type WriteValue = (text: string) => string | null;

const list =
  (write: WriteValue): WriteValue =>
  (text) => {
    const parts = text.split(',').map(write);
    return parts.includes(null) ? null : parts.join('');
  };
const protocol: WriteValue = (text) =>
  text.length > 0 && text.length <= 255 ? String.fromCharCode(text.length) + text : null;
const portNumber: WriteValue = (text) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 0xffff ? word(Number(text)) : null;

/** Parameters by their key (RFC 9460 §14.3.2). */
const PARAMETERS: Readonly<Record<string, readonly [key: number, write: WriteValue]>> = {
  alpn: [1, list(protocol)],
  port: [3, portNumber],
  ipv4hint: [4, list(ipv4Bytes)],
  ipv6hint: [6, list(ipv6Bytes)],
};

/** The data of an HTTPS record from `priority target name=value…` (RFC 9460 §2); null when it is none. */
export function serviceBinding(data: string): string | null {
  const [priority = '', target = '', ...texts] = data.split(/\s+/);
  const name = target === '.' ? '\0' : wireName(target);
  const first = portNumber(priority);
  if (first === null || name === null) return null;
  const written = texts.map((text): readonly [number, string] | null => {
    const [parameter = '', value = ''] = text.split('=', 2);
    const [key, write] = PARAMETERS[parameter] ?? [0, () => null];
    const bytes = write(value);
    return bytes === null ? null : [key, word(key) + word(bytes.length) + bytes];
  });
  const known = written.flatMap((each) => (each === null ? [] : [each]));
  if (known.length < written.length) return null;
  // In order of their keys, as a client may insist on.
  known.sort(([one], [other]) => one - other);
  return first + name + known.map(([, bytes]) => bytes).join('');
}
