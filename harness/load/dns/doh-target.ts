import { parseHttpTarget } from '../http/http-target.js';
import { parseLoopback } from '../loopback-address.js';

/** Where a server takes DNS over HTTPS (RFC 8484). */
export interface DohTarget {
  readonly tls: boolean;
  /** A host name or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Host and port as a `Host` header has them. */
  readonly authority: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly path: string;
}

/** RFC 8484 leaves the path open; this is the one of its examples, and of most servers. */
const DEFAULT_PATH = '/dns-query';

/**
 * Reads `https://127.0.0.1:8443/dns-query`, or `127.0.0.1:8053` for plain HTTP at the usual path; refuses everything
 * but this machine.
 *
 * @throws HarnessError `usage`
 */
export function parseDohTarget(text: string, allowRemote: readonly string[] = []): DohTarget {
  const url = /^https?:/.test(text) ? text : `http://${parseLoopback(text, allowRemote).text}${DEFAULT_PATH}`;
  const { secure, host, port, origin, pathOf } = parseHttpTarget(url, allowRemote);
  const authority = origin.slice(origin.indexOf('//') + 2);
  return { tls: secure, host, port, authority, origin, path: pathOf(0) };
}
