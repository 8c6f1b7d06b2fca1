import { setTimeout as delay } from 'node:timers/promises';
import { parseServiceAddress } from '../core/service-address.js';
import { portOwner } from './port-owner.js';
import { awaitEnd, identityOf } from './process-end.js';
import { processTree } from './process-tree.js';
import type { ProcessExit, TargetProcess } from './target-process.js';

/** How long a wrapper may take to end after its server, and a supervisor to start another one. */
const WRAPPER_ENDS_MS = 500;
const SUPERVISOR_RESTARTS_MS = 2_000;

const LOOK_EVERY_MS = 100;

/**
 * Resolves, never rejects, when the process that serves has ended: the launched one, or one behind it. Then it
 * says how, and who serves now if somebody does: a supervisor has started another server, or the launched
 * process has ended while the one that serves goes on in the background.
 */
export function serverExit(
  launched: Pick<TargetProcess, 'pid' | 'exited'>,
  server: number,
  addresses: Readonly<Record<string, string>>,
): Promise<ProcessExit> {
  const born = identityOf(server);
  if (server === launched.pid || born === null) return launched.exited;
  const over = new AbortController();
  const ofLaunched = launched.exited.then((exit) => {
    over.abort();
    return { ...exit, servedBy: identityOf(server) === born ? server : null };
  });
  const ofServer = awaitEnd(server, born, over.signal).then(async (exit) => {
    const wrappers = await Promise.race([ofLaunched, delay(WRAPPER_ENDS_MS, null, { ref: false })]);
    return wrappers ?? { ...exit, servedBy: await successor(launched.pid, addresses) };
  });
  return Promise.race([ofLaunched, ofServer]);
}

/** The process below a supervisor that listens on the addresses, once there is one; null when none comes. */
async function successor(
  supervisor: number,
  addresses: Readonly<Record<string, string>>,
): Promise<number | null> {
  const ports = Object.values(addresses).map((text) => parseServiceAddress(text).port);
  for (let waitedMs = 0; waitedMs < SUPERVISOR_RESTARTS_MS; waitedMs += LOOK_EVERY_MS) {
    const owner = portOwner(ports, processTree(supervisor));
    if (owner !== null) return owner;
    await delay(LOOK_EVERY_MS, undefined, { ref: false });
  }
  return null;
}
