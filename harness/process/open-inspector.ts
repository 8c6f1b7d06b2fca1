/** Switches on the inspector of a Node process that runs already: SIGUSR1, which Node answers by listening. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { couldNotRun, usageError } from '../core/errors.js';
import { listeningPorts } from './port-owner.js';
import { identityOf } from './process-end.js';
import { runsNode } from './served-by.js';
import { catches } from './status-field.js';

/** Where Node listens unless it is told otherwise (--inspect-port). */
const DEFAULT_PORT = 9229;

/** How long a busy process may take until it listens. */
const OPEN_TIMEOUT_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** The inspector of a process. */
export interface OpenInspector {
  readonly port: number;
  /** True when it was not open before, so that it is ours to close. */
  readonly opened: boolean;
}

/**
 * Throws `usage` unless the process is Node and handles SIGUSR1: that signal ends any program that does not.
 */
export function checkInspectable(pid: number): void {
  if (!runsNode(pid)) {
    throw usageError(
      `--allow-inspect: process ${pid} does not run Node: give the server's own process with --pid, not its wrapper, or leave the flag out`,
    );
  }
  if (!catches(pid, 'SIGUSR1')) {
    throw usageError(
      `--allow-inspect: process ${pid} does not handle SIGUSR1, which would end it (--disable-sigusr1?): leave the flag out`,
    );
  }
}

/** Opens the inspector, or finds the one that is open. Throws as `checkInspectable`, and `could-not-run`. */
export async function openInspector(pid: number, signal: AbortSignal): Promise<OpenInspector> {
  checkInspectable(pid);
  const born = identityOf(pid);
  const before = listeningPorts(pid);
  const started = inspectorOfCommandLine(pid);
  if (started !== null && before.includes(started)) return { port: started, opened: false };
  process.kill(pid, 'SIGUSR1');
  for (let waitedMs = 0; waitedMs < OPEN_TIMEOUT_MS; waitedMs += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    if (identityOf(pid) !== born) throw couldNotRun(`--allow-inspect: process ${pid} ended on SIGUSR1`);
    const port = listeningPorts(pid).find((one) => !before.includes(one));
    if (port !== undefined) return { port, opened: true };
    // Open already: the signal then changes nothing.
    if (before.includes(DEFAULT_PORT)) return { port: DEFAULT_PORT, opened: false };
  }
  throw couldNotRun(
    `--allow-inspect: process ${pid} opened no inspector within ${OPEN_TIMEOUT_MS / 1000} s of SIGUSR1: it handles that ` +
      `signal itself, its event loop stands still, or another process has port ${DEFAULT_PORT} (start it with --inspect-port=0)`,
  );
}

/** The port of `--inspect=[HOST:]PORT` on its command line; null without that flag. */
function inspectorOfCommandLine(pid: number): number | null {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const flag = words.find((word) => /^--inspect(-brk)?(=|$)/.test(word));
    if (flag === undefined) return null;
    const port = Number(/[=:](\d+)$/.exec(flag)?.[1] ?? DEFAULT_PORT);
    return port === 0 ? null : port;
  } catch {
    return null;
  }
}
