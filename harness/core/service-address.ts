import { usageError } from './errors.js';

/** Services of a target that a load can speak to, each with an address of its own. */
export const SERVICES = ['dns', 'dns-tcp', 'doh', 'http', 'tcp', 'peer'] as const;

export type Service = (typeof SERVICES)[number];

/** Those of them that are asked over UDP: nobody accepts a connection there. */
export const UDP_SERVICES: readonly string[] = ['dns' satisfies Service];

/** Where a service listens. */
export interface ServiceAddress {
  /** A host name or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Host and port of `127.0.0.1:53`, `[::1]:53`, or of a URL such as `http://localhost:8080/path`.
 *
 * Throws `usage` for anything else.
 */
export function parseServiceAddress(text: string): ServiceAddress {
  const bare = /^(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})$/.exec(text);
  const port = Number(bare?.[3]);
  if (bare !== null && port >= 1 && port <= 65_535) {
    return { host: (bare[1] ?? bare[2]) as string, port };
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      `"${text}" is not an address of the form 127.0.0.1:53, [::1]:53 or http://127.0.0.1:8080/`,
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port) };
}
