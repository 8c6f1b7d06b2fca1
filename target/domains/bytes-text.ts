/** Bytes as text, one character for each. */
import { isIPv4, isIPv6 } from 'node:net';

/** The four bytes of an IPv4 address; null when it is none. */
export function ipv4Bytes(text: string): string | null {
  return isIPv4(text) ? String.fromCharCode(...text.split('.').map(Number)) : null;
}

/** The 16 bytes of an IPv6 address; null when it is none. */
export function ipv6Bytes(text: string): string | null {
  if (!isIPv6(text)) return null;
  const url = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = '', tail] = url.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((each) => Number.parseInt(each, 16));
  const [front, back] = [words(head), words(tail ?? '')];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...zeros, ...back].map(word).join('');
}

/** Two bytes. */
export function word(value: number): string {
  return String.fromCharCode(value >>> 8, value & 0xff);
}
