import { usageError } from '../../core/errors.js';
import { isLoopbackHost } from '../loopback-address.js';

/** Where HTTP requests go, taken apart once. */
export interface HttpTarget {
  readonly secure: boolean;
  /** A host name or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Path and query of the n-th request: `{n}` in the URL is its number, for loads that need distinct paths. */
  readonly pathOf: (sequence: number) => string;
  /** As it was given. */
  readonly text: string;
}

/**
 * Reads a URL and refuses everything but this machine: `localhost`, 127.0.0.0/8 and [::1].
 *
 * @throws HarnessError `usage`
 */
export function parseHttpTarget(text: string, allowRemote: readonly string[] = []): HttpTarget {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usageError(`"${text}" is not a URL of the form http://127.0.0.1:8080/path`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && !isLoopbackHost(host) && !allowRemote.includes(host)) {
    throw usageError(
      `load is sent to this machine only, and ${text} is elsewhere; give a URL of localhost, 127.0.0.0/8 or [::1], or name it with --allow-remote ${host}`,
    );
  }
  const secure = url.protocol === 'https:';
  const parts = `${url.pathname}${url.search}`.replaceAll('%7Bn%7D', '{n}').split('{n}');
  return {
    secure,
    origin: url.origin,
    host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    pathOf: (sequence) => (parts.length === 1 ? (parts[0] as string) : parts.join(String(sequence))),
    text,
  };
}
