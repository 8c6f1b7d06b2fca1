import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { couldNotRun } from '../core/errors.js';
import { parseServiceAddress, type ServiceAddress, UDP_SERVICES } from '../core/service-address.js';
import { listeningInodes } from './port-owner.js';
import { describeExit, quoted } from './ready.js';
import type { ProcessExit, TargetProcess } from './target-process.js';

/** How a foreign target shows that it is ready. */
export interface ReadinessSigns {
  /** Addresses that must be listened on, by service. */
  readonly addresses: Readonly<Record<string, string>>;
  /** A line of its output that must have been seen; null for none. */
  readonly logPattern: RegExp | null;
  readonly timeoutMs: number;
}

/** How often the addresses are tried, and how long one attempt may take. */
const TRY_EVERY_MS = 50;
const CONNECT_TIMEOUT_MS = 1_000;

/** How long a server that goes to the background takes to let its launcher go, and then may take until it listens. */
const BACKGROUND_MS = 400;
const BACKGROUND_LISTENS_MS = 1_000;

const KEEP_IN_FOREGROUND =
  ' and serves on in the background: keep it in the foreground, so that it can be watched and ended ' +
  "(nginx -g 'daemon off;', unbound -d, redis-server --daemonize no, dnsmasq -k)";

/**
 * Refuses to start a target whose address is taken already: the load would go to somebody else's server.
 *
 * @throws HarnessError `could-not-run` naming the address
 */
export async function refuseTakenAddresses(addresses: Readonly<Record<string, string>>): Promise<void> {
  for (const [service, text] of Object.entries(addresses)) {
    if (!(await isListenedOn(service, parseServiceAddress(text)))) continue;
    throw couldNotRun(
      `something listens on ${text} already, so the target could not: end it, give the target another port, ` +
        'or watch what runs there with --pid',
    );
  }
}

/**
 * Waits until a target without a ready line of its own serves: every address is listened on, and the line that
 * was asked for has been printed.
 *
 * Throws `could-not-run` when it ends first or the time is up, with what was still missing and its last lines.
 */
export async function waitUntilServing(
  target: Pick<TargetProcess, 'exited' | 'onLine'>,
  signs: ReadinessSigns,
  tail: () => readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + signs.timeoutMs;
  let lineSeen = signs.logPattern === null;
  let ended: ProcessExit | null = null as ProcessExit | null;
  target.onLine((line) => {
    if (signs.logPattern?.test(line) === true) lineSeen = true;
  });
  void target.exited.then((exit) => {
    ended = exit;
  });
  let ready = false;
  const waitingFor = new Map(Object.entries(signs.addresses));
  try {
    for (;;) {
      for (const [service, text] of waitingFor) {
        if (await isListenedOn(service, parseServiceAddress(text))) waitingFor.delete(service);
      }
      if (ended !== null) {
        const why = `the target ${describeExit(ended)} before it was ready`;
        const background = ended.code === 0 && (await comesToListen(signs.addresses, signal));
        throw couldNotRun(`${why}${background ? KEEP_IN_FOREGROUND : ''}${quoted(tail())}`);
      }
      if (lineSeen && waitingFor.size === 0) {
        if (ready) return;
        // One that goes to the background listens before it lets its launcher go.
        ready = true;
        await delay(BACKGROUND_MS, undefined, { signal });
        continue;
      }
      if (performance.now() > deadline) throw notReady(signs, lineSeen, waitingFor, tail());
      await delay(TRY_EVERY_MS, undefined, { signal });
    }
  } finally {
    target.onLine(null);
  }
}

/** Whether any of the addresses is listened on soon, although the launched process has ended. */
async function comesToListen(
  addresses: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < BACKGROUND_LISTENS_MS; waitedMs += TRY_EVERY_MS) {
    for (const [service, text] of Object.entries(addresses)) {
      if (await isListenedOn(service, parseServiceAddress(text))) return true;
    }
    await delay(TRY_EVERY_MS, undefined, { signal });
  }
  return false;
}

function notReady(
  signs: ReadinessSigns,
  lineSeen: boolean,
  waitingFor: ReadonlyMap<string, string>,
  tail: readonly string[],
): Error {
  const missing = [
    ...[...waitingFor.values()].map((text) => `nothing listens on ${text}`),
    ...(lineSeen ? [] : [`no line matched --ready-log ${String(signs.logPattern)}`]),
  ];
  return couldNotRun(
    `the target is not ready after ${signs.timeoutMs / 1000} s (--ready-timeout): ${missing.join(', ')}${quoted(tail)}`,
  );
}

/** Whether a TCP connection is taken there, or (by the kernel's socket table) a UDP socket is bound to the port. */
async function isListenedOn(service: string, address: ServiceAddress): Promise<boolean> {
  if (UDP_SERVICES.includes(service)) return listeningInodes([address.port]).size > 0;
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: CONNECT_TIMEOUT_MS });
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}
