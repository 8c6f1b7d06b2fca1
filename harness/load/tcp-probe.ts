import { connect } from 'node:net';
import { parseServiceAddress, UDP_SERVICES } from '../core/service-address.js';
import type { ProbeOutcome } from './load-driver.js';

/**
 * All that can be asked of a target whose protocol is not ours to speak: does it still accept a connection? The
 * first TCP address is tried; without one nothing is asked, and the outcome says so.
 */
export function probeTcp(
  addresses: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const [text] = Object.entries(addresses).flatMap(([service, address]) =>
    UDP_SERVICES.includes(service) ? [] : [address],
  );
  if (text === undefined)
    return Promise.resolve({ ok: true, message: 'nothing was asked: no TCP address is known' });
  return new Promise((resolve) => {
    const socket = connect({ ...parseServiceAddress(text), timeout: timeoutMs });
    const end = (ok: boolean, message: string): void => {
      socket.destroy();
      resolve({ ok, message });
    };
    socket.once('connect', () => end(true, `${text} accepted a connection`));
    socket.once('timeout', () => end(false, `${text} accepted no connection within ${timeoutMs} ms`));
    socket.once('error', (error) => end(false, `${text}: ${error.message}`));
  });
}
