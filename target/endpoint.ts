import { BlockList, isIP, isIPv6 } from 'node:net';

/** An IP address and a port, as a socket wants them. */
export interface Endpoint {
  /** IPv4 or IPv6 literal without brackets; host names are not accepted, nothing is resolved at start. */
  readonly address: string;
  /** 0 to 65535; 0 in a listen address means a free port. */
  readonly port: number;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Reads `1.2.3.4`, `1.2.3.4:53`, `::1`, `[::1]` or `[::1]:53`; null when the text is none of these. */
export function parseEndpoint(text: string, defaultPort: number): Endpoint | null {
  if (isIPv6(text)) return { address: text, port: defaultPort };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  const [, bracketed, plain, portText] = match;
  const address = bracketed ?? plain ?? '';
  if (isIP(address) !== (bracketed === undefined ? 4 : 6)) return null;
  const port = portText === undefined ? defaultPort : Number(portText);
  return port > 65_535 ? null : { address, port };
}

/** The text form, with brackets around an IPv6 address. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = isIPv6(endpoint.address) ? `[${endpoint.address}]` : endpoint.address;
  return `${host}:${endpoint.port}`;
}

/** The socket type that reaches this address. */
export function socketType(endpoint: Endpoint): 'udp4' | 'udp6' {
  return isIPv6(endpoint.address) ? 'udp6' : 'udp4';
}

/** True for 127.0.0.0/8 and ::1, false for everything that other machines may reach. */
export function isLoopback(endpoint: Endpoint): boolean {
  return LOOPBACK.check(endpoint.address, isIPv6(endpoint.address) ? 'ipv6' : 'ipv4');
}
