import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenForAgents } from '../agent/client.js';
import type { Clock } from '../core/clock.js';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { TargetExit } from '../core/manifest.js';
import { type Load, launchLoad } from '../load/client.js';
import { openNoLoad } from '../load/no-load.js';
import { oomKills } from '../process/oom-kills.js';
import type { ProcessExit } from '../process/target-process.js';
import { RUN_ID_VARIABLE, startWatchdog, type Watchdog } from '../process/watchdog.js';
import { loadPlanOf } from './load-plan.js';
import { childEnvironment } from './machine.js';
import type { ResolvedRun } from './run-options.js';
import type { RunSinks } from './sinks.js';
import { type StartedTarget, startTarget } from './start-target.js';

/** Name of the agent's socket. */
const AGENT_SOCKET = 'agent';

/** A Unix socket's address holds 107 bytes (unix(7)); the rest goes to `/leak-soak-XXXXXX/agent`. */
const MAX_TMPDIR_BYTES = 107 - '/leak-soak-XXXXXX/'.length - AGENT_SOCKET.length;

/** How often the load driver reports; well below any sample interval. */
const LOAD_REPORT_MS = 200;

/** What V8, glibc and the Go runtime print when a memory limit ends the process. */
const MEMORY_LIMIT_MESSAGE =
  /heap out of memory|Cannot allocate memory|std::bad_alloc|fatal error: out of memory/;

/** Lines of the log that a finding on the target's end carries. */
const LAST_LINES = 5;

/** The processes of a run, all up: target, load, agent and the watchdog over them. */
export interface Session {
  readonly target: StartedTarget;
  readonly load: Load;
  /** What becomes of the target from now on says nothing about it: the run has seen all that is judged. */
  conclude(): void;
  /**
   * Ends everything, in the reverse order of its start; may be called twice. `interrupted`: once concluded, a target
   * that does not end on SIGTERM may just be standing still for us.
   */
  stop(interrupted: boolean): Promise<TargetExit>;
}

export interface SessionOptions {
  readonly run: ResolvedRun;
  readonly runId: string;
  readonly paths: RunSinks['paths'];
  /** What the environment of the processes is chosen from. */
  readonly env: NodeJS.ProcessEnv;
  readonly onWatchdogLost: () => void;
}

/** Starts the processes of a run. Throws `could-not-run`; whatever had been started is ended first. */
export async function startSession(
  options: SessionOptions,
  clock: Clock,
  signal: AbortSignal,
): Promise<Session> {
  const endings: (() => Promise<void> | void)[] = [];
  const endAll = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    return await startAll(options, clock, signal, (end) => void endings.push(end), endAll);
  } catch (error) {
    await endAll();
    throw error;
  }
}

async function startAll(
  options: SessionOptions,
  clock: Clock,
  signal: AbortSignal,
  atEnd: (end: () => Promise<void> | void) => void,
  endAll: () => Promise<void>,
): Promise<Session> {
  const { run, paths } = options;
  const oomKillsBefore = oomKills();
  const privateDir = makePrivateDir();
  atEnd(() => rmSync(privateDir, { recursive: true, force: true }));
  const watchdog = await startWatchdog({ runId: options.runId, privateDir, onLost: options.onWatchdogLost });
  atEnd(() => watchdog.close());
  const agents = await listenForAgents(join(privateDir, AGENT_SOCKET), () => clock.nowMs());
  atEnd(() => agents.close());
  const env = { ...childEnvironment(options.env), [RUN_ID_VARIABLE]: options.runId };

  const load = startLoad(run, paths.loadLog, env, watchdog, atEnd);
  const upstream = await load.prepare({ signal });
  let stopping = false;
  const target = await startTarget(run, {
    paths,
    env,
    agents,
    watchdog,
    nowMs: () => clock.nowMs(),
    upstream,
    atEnd,
    signal,
  });
  const exit = target.exited.then((exited) => ({ ...exited, expected: stopping }));
  await load.connect(target.addresses, { signal });

  const facts = (): Omit<TargetExit, keyof ProcessExit | 'expected' | 'killed'> => {
    const lines = target.tail();
    const oomKillsAfter = oomKills();
    return {
      memoryLimit: lines.find((line) => MEMORY_LIMIT_MESSAGE.test(line)) ?? null,
      oomKill: oomKillsBefore === null || oomKillsAfter === null ? null : oomKillsAfter > oomKillsBefore,
      output: target.output(),
      lastLines: lines.slice(-LAST_LINES),
    };
  };
  let concluded: ReturnType<typeof facts> | null = null;

  return {
    target,
    load,
    conclude: () => {
      stopping = true;
      concluded ??= facts();
    },
    stop: async (interrupted) => {
      stopping = true;
      const output = target.output();
      await endAll();
      const killed = target.killed() && !(interrupted && concluded !== null);
      return { ...(await exit), killed, ...(concluded ?? { ...facts(), output }) };
    },
  };
}

/**
 * A folder for the agent's socket that only this user can enter, in the system's temporary folder, or in /tmp
 * where that one is missing or its name too long for a socket's address.
 */
function makePrivateDir(): string {
  const candidates = [tmpdir(), '/tmp'].filter((parent) => Buffer.byteLength(parent) <= MAX_TMPDIR_BYTES);
  let failure: unknown;
  for (const parent of candidates) {
    try {
      return mkdtempSync(join(parent, 'leak-soak-'));
    } catch (error) {
      failure = error;
    }
  }
  throw couldNotRun(
    `cannot make a temporary folder: ${messageOf(failure)}; set TMPDIR to one that can be written`,
    failure,
  );
}

function startLoad(
  run: ResolvedRun,
  logPath: string,
  env: Record<string, string>,
  watchdog: Watchdog,
  atEnd: (end: () => Promise<void> | void) => void,
): Load {
  const plan = loadPlanOf(run);
  if (plan.kind === 'none') return openNoLoad();
  const logFd = openSync(logPath, 'w', 0o600);
  atEnd(() => closeSync(logFd));
  const load = launchLoad({
    plan,
    reportEveryMs: LOAD_REPORT_MS,
    env,
    logFd,
  });
  watchdog.guard(load.pid);
  atEnd(async () => {
    await load.close();
    watchdog.release(load.pid);
  });
  return load;
}
