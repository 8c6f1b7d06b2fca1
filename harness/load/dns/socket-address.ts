import type { LoopbackAddress } from '../loopback-address.js';

/** Linux's numbers for IPv4 and IPv6. */
const AF_INET = 2;
const AF_INET6 = 10;

/** The family of an address as socket(2) wants it. */
export function addressFamily({ family }: LoopbackAddress): number {
  return family === 4 ? AF_INET : AF_INET6;
}

/** `struct sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)). */
export function socketAddress(to: LoopbackAddress): Buffer {
  const { host, port, family } = to;
  const bytes = Buffer.alloc(family === 4 ? 16 : 28);
  bytes.writeUInt16LE(addressFamily(to), 0);
  bytes.writeUInt16BE(port, 2);
  if (family === 4) bytes.set(host.split('.').map(Number), 4);
  else bytes.set(ipv6Bytes(host), 8);
  return bytes;
}

function ipv6Bytes(host: string): Buffer {
  // The URL parser brings any spelling, embedded IPv4 included, into pure hexadecimal groups.
  const [head = '', tail] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const bytes = Buffer.alloc(16);
  for (const [i, group] of [...before, ...zeros, ...after].entries()) {
    bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  }
  return bytes;
}
