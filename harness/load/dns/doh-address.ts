import { type LoopbackAddress, parseLoopback } from '../loopback-address.js';

/**
 * Where a DoH server listens, from `127.0.0.1:8053` or the URL that a target reports.
 *
 * @throws HarnessError `usage` as `parseLoopback`
 */
export function parseDohAddress(text: string, allowRemote: readonly string[] = []): LoopbackAddress {
  return parseLoopback(/^https?:\/\/([^/]+)/.exec(text)?.[1] ?? text, allowRemote);
}
