import type { ForwarderAddress } from './dns/forwarder-options.js';
import { isLoopback, parseEndpoint } from './endpoint.js';

const DNS_PORT = 53;
const TCP_SCHEME = 'tcp://';

/**
 * Reads a resolver's text form: an address, `tcp://` and an address, or the URL of one that is asked over HTTPS, whose
 * scheme may be `http` on loopback. What is wrong with it, where it is none of these.
 */
export function parseForwarder(text: string): ForwarderAddress | string {
  if (/^https?:/.test(text)) return parseUrl(text);
  const isTcp = text.startsWith(TCP_SCHEME);
  const parsed = parseEndpoint(isTcp ? text.slice(TCP_SCHEME.length) : text, DNS_PORT);
  if (parsed !== null && parsed.port !== 0) return { ...parsed, transport: isTcp ? 'tcp' : 'udp' };
  const what =
    parsed === null ? 'expected an IP address and port' : 'port 0 cannot be asked; expected another';
  return `${what} such as "127.0.0.1:53", "tcp://127.0.0.1:53" or "https://dns.example/dns-query"`;
}

/** Whether the resolver's host is a name, so that somebody has to be asked for its address. */
export function hasHostName(forwarder: ForwarderAddress): boolean {
  return forwarder.transport === 'doh' && hostAddress(new URL(forwarder.url)) === null;
}

function parseUrl(text: string): ForwarderAddress | string {
  if (!URL.canParse(text)) return 'expected a URL such as "https://dns.example/dns-query"';
  const url = new URL(text);
  if (url.protocol === 'http:') {
    const host = hostAddress(url);
    if (host === null || !isLoopback(host))
      return 'without TLS only a loopback address is asked; use https://';
  }
  return { transport: 'doh', url: url.href };
}

function hostAddress(url: URL) {
  return parseEndpoint(url.hostname, 0);
}
