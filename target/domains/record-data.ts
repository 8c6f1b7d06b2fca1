import { wireName } from '../dns/name-key.js';
import { ipv4Bytes, ipv6Bytes, word } from './bytes-text.js';
import type { DomainRecordType } from './domain-source.js';
import { serviceBinding } from './service-binding.js';

/**
 * The data of a record in wire form, one character per byte, from its text as in a master file (RFC 1035 §5): an address,
 * a name, `10 mail.example.ygg`, a text, `3 1 1 0a0b…` (TLSA), `1 . alpn=h2,h3 port=443` (HTTPS), and for any type
 * `\\# 4 0a000001` (RFC 3597 §5). Null when it does not fit the type.
 */
export function recordData(type: DomainRecordType, data: string): string | null {
  if (data.startsWith('\\#')) return genericData(data);
  switch (type) {
    case 'A':
      return ipv4Bytes(data);
    case 'AAAA':
      return ipv6Bytes(data);
    case 'TXT':
      return textStrings(data);
    case 'MX':
      return numbersAndName(data, 1);
    case 'SRV':
      return numbersAndName(data, 3);
    case 'TLSA':
      return certificateMatch(data);
    case 'HTTPS':
      return serviceBinding(data);
    case 'SOA':
      return authority(data);
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return wireName(data);
    default:
      return null;
  }
}

/** `\\# length hex…` */
function genericData(data: string): string | null {
  const [, length = '', ...hex] = data.split(/\s+/);
  const bytes = hexBytes(hex.join(''));
  return bytes === null || bytes.length !== Number(length) ? null : bytes;
}

function hexBytes(hex: string): string | null {
  return /^([0-9a-f]{2})*$/i.test(hex) ? Buffer.from(hex, 'hex').toString('latin1') : null;
}

/** RFC 6698 §2.2. */
function certificateMatch(data: string): string | null {
  const [usage, selector, matching, ...hex] = data.split(/\s+/);
  const numbers = [usage, selector, matching].map(Number);
  const bytes = hexBytes(hex.join(''));
  if (bytes === null || bytes === '' || !numbers.every((each) => each >= 0 && each <= 0xff)) return null;
  return String.fromCharCode(...numbers) + bytes;
}

/** RFC 1035 §3.3.13: two names, serial, and four times in seconds. */
function authority(data: string): string | null {
  const [mname = '', rname = '', ...rest] = data.split(/\s+/);
  const [first, second] = [wireName(mname), wireName(rname)];
  const numbers = rest.map(Number);
  const areLongs = numbers.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffff_ffff);
  if (first === null || second === null || numbers.length !== 5 || !areLongs) return null;
  return first + second + numbers.map((each) => word(each >>> 16) + word(each & 0xffff)).join('');
}

function numbersAndName(data: string, count: number): string | null {
  const parts = data.split(/\s+/);
  const name = wireName(parts[count] ?? '');
  const numbers = parts.slice(0, count).map(Number);
  const areWords = numbers.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffff);
  return name === null || parts.length !== count + 1 || !areWords ? null : numbers.map(word).join('') + name;
}

function textStrings(data: string): string {
  const bytes = Buffer.from(data).toString('latin1');
  const strings = bytes.match(/[\s\S]{1,255}/g) ?? [''];
  return strings.map((each) => String.fromCharCode(each.length) + each).join('');
}
