import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { type AgentClient, listenForAgents } from '../agent/client.js';
import type { Clock } from '../core/clock.js';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { TargetExit } from '../core/manifest.js';
import { type LoadProcess, launchLoad } from '../load/client.js';
import { openCappedLog } from '../process/capped-log.js';
import { nodeCommand } from '../process/node-command.js';
import { type ReadyLine, waitUntilReady } from '../process/ready.js';
import { launchTarget, type TargetProcess } from '../process/target-process.js';
import { RUN_ID_VARIABLE, startWatchdog, type Watchdog } from '../process/watchdog.js';
import { childEnvironment } from './machine.js';
import type { ResolvedRun } from './run-options.js';
import type { RunSinks } from './sinks.js';

/** How long the target may take to say that it is ready, and to end after SIGTERM. */
const READY_TIMEOUT_MS = 15_000;
const STOP_GRACE_MS = 3_000;

/** How long the agent may take to greet once the target is ready. */
const GREETING_TIMEOUT_MS = 2_000;

/** Name of the agent's socket. */
const AGENT_SOCKET = 'agent';

/** A Unix socket's address holds 107 bytes (unix(7)); the rest goes to `/leak-soak-XXXXXX/agent`. */
const MAX_TMPDIR_BYTES = 107 - '/leak-soak-XXXXXX/'.length - AGENT_SOCKET.length;

/** How often the load driver reports; well below any sample interval. */
const LOAD_REPORT_MS = 200;

/** What V8 and glibc print when a memory limit ends the process. */
const MEMORY_LIMIT_MESSAGE = /JavaScript heap out of memory|Cannot allocate memory|std::bad_alloc/;

/** The processes of a run, all up: target, load, agent and the watchdog over them. */
export interface Session {
  readonly target: TargetProcess;
  readonly ready: ReadyLine;
  readonly load: LoadProcess;
  readonly agents: AgentClient;
  /** False when the target's environment did not reach it or it is no Node process. */
  readonly hasAgent: boolean;
  /** Ends everything, in the reverse order of its start; may be called twice. */
  stop(): Promise<TargetExit>;
}

export interface SessionOptions {
  readonly run: ResolvedRun;
  readonly runId: string;
  readonly paths: RunSinks['paths'];
  readonly onWatchdogLost: () => void;
}

/** Command of the node for a run; the config file is written when the session starts. */
export function targetCommand(run: ResolvedRun, configPath: string): [string, ...string[]] {
  return nodeCommand(run.nodeProgram, '--config', configPath, ...run.faults.flatMap((id) => ['--fault', id]));
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
    return await startAll(options, clock, signal, endings, endAll);
  } catch (error) {
    await endAll();
    throw error;
  }
}

async function startAll(
  options: SessionOptions,
  clock: Clock,
  signal: AbortSignal,
  endings: (() => Promise<void> | void)[],
  endAll: () => Promise<void>,
): Promise<Session> {
  const { run, paths } = options;
  const privateDir = makePrivateDir();
  endings.push(() => rmSync(privateDir, { recursive: true, force: true }));
  const watchdog = await startWatchdog({ runId: options.runId, privateDir, onLost: options.onWatchdogLost });
  endings.push(() => watchdog.close());
  const agents = await listenForAgents(join(privateDir, AGENT_SOCKET), () => clock.nowMs());
  endings.push(() => agents.close());
  const env = { ...childEnvironment(), [RUN_ID_VARIABLE]: options.runId };

  const load = startLoad(run, paths.loadLog, env, watchdog, endings);
  const upstream = await load.prepare({ signal });
  writeFileSync(paths.targetConfig, stringify(run.scenario.targetConfig(upstream)), { mode: 0o600 });

  const log = openCappedLog(paths.targetLog);
  endings.push(() => log.close());
  const target = await launchTarget({
    command: targetCommand(run, paths.targetConfig),
    cwd: process.cwd(),
    env: agents.environment(env),
    log,
  });
  watchdog.guard(target.pid);
  let stopping = false;
  const exit = target.exited.then((exited) => ({ ...exited, expected: stopping }));
  let killed = false;
  endings.push(async () => {
    stopping = true;
    ({ killed } = await target.stop(STOP_GRACE_MS));
    watchdog.release(target.pid);
  });
  const ready = await waitUntilReady(target, () => log.tail(), READY_TIMEOUT_MS, signal);
  await load.connect(ready.addresses, { signal });

  return {
    target,
    ready,
    load,
    agents,
    hasAgent: await agents.greeted(target.pid, GREETING_TIMEOUT_MS),
    stop: async () => {
      await endAll();
      const memoryLimit = log.tail().some((line) => MEMORY_LIMIT_MESSAGE.test(line));
      return { ...(await exit), killed, memoryLimit, lastLines: log.tail().slice(-5) };
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
  endings: (() => Promise<void> | void)[],
): LoadProcess {
  const logFd = openSync(logPath, 'w', 0o600);
  endings.push(() => closeSync(logFd));
  const { ratePerSec, seed } = run.plan;
  const load = launchLoad({
    plan: run.scenario.load({ ratePerSec, seed, zone: run.zone }),
    reportEveryMs: LOAD_REPORT_MS,
    env,
    logFd,
  });
  watchdog.guard(load.pid);
  endings.push(async () => {
    await load.close();
    watchdog.release(load.pid);
  });
  return load;
}
