import { BlockList, isIP } from 'node:net';
import { usageError } from '../core/errors.js';

/** An address that load may be sent to: of this machine, unless another one was named. */
export interface LoopbackAddress {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
  /** As people write it: `127.0.0.1:53`, `[::1]:53`. */
  readonly text: string;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an IP address lies in 127.0.0.0/8 or is ::1; false for a host name, since what it resolves to can change. */
export function isLoopbackHost(host: string): boolean {
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Reads `host:port` and refuses everything outside 127.0.0.0/8 and ::1: a flood must never leave the machine
 * by a typing mistake. Host names are refused as well, since what they resolve to can change.
 *
 * @param allowRemote hosts elsewhere that were named on purpose (`--allow-remote`)
 * @throws HarnessError `usage`
 */
export function parseLoopback(text: string, allowRemote: readonly string[] = []): LoopbackAddress {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = parts?.[1] ?? parts?.[2] ?? '';
  const port = Number(parts?.[3]);
  const family = isIP(host);
  if ((family !== 4 && family !== 6) || !(port >= 1 && port <= 65_535)) {
    throw usageError(`"${text}" is not an address of the form 127.0.0.1:53 or [::1]:53`);
  }
  if (!isLoopbackHost(host) && !allowRemote.includes(host)) {
    throw usageError(
      `load is sent to this machine only, and ${text} is elsewhere; give an address in 127.0.0.0/8 or [::1], or name it with --allow-remote ${host}`,
    );
  }
  return { host, port, family, text };
}
