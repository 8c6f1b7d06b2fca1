import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { couldNotRun } from '../core/errors.js';
import type { LatencyMs, LoadCounters, LoadSummary } from '../core/load-counters.js';
import { endChild } from './end-child.js';
import { createLoadChannel, type WaitOptions } from './load-channel.js';
import type { ProbeOutcome } from './load-driver.js';
import type { ProcessPlan } from './plan.js';
import type { LoadReport } from './protocol.js';
import type { ServiceQuestion } from './service-probe.js';

/** What a load process is started with. */
export interface LoadLaunch {
  readonly plan: ProcessPlan;
  /** How often counters are reported while the load runs. */
  readonly reportEveryMs: number;
  /** The whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Open file descriptor that takes its stdout and stderr. */
  readonly logFd: number;
}

export interface LoadLaunchDeps {
  /** The compiled `main.js`; the default stands beside the compiled form of this file. */
  readonly module: URL;
  /** Grace between the steps of `close`. */
  readonly graceMs: number;
}

/** Counters of the latest report, with the latency of its interval: null for both percentiles after a stop. */
export interface LatestLoad {
  /** Null when the load cannot count. */
  readonly counters: LoadCounters | null;
  readonly intervalLatencyMs: LatencyMs;
}

/**
 * The load as the rig holds it. Every wait ends with a `could-not-run` error when the process fails or is gone,
 * or when its time is up, and with the signal's reason when the signal aborts.
 */
export interface Load {
  /** Rejects once when the process reports an error or ends unasked; pending for ever otherwise. */
  readonly failed: Promise<never>;
  /** Starts the stub upstream; resolves with its address, `127.0.0.1:40000`, or null when the load has none. */
  prepare(wait?: WaitOptions): Promise<string | null>;
  /** Opens the driver's sockets to the target; addresses by service, e.g. `{dns: "127.0.0.1:40001"}`. */
  connect(addresses: Readonly<Record<string, string>>, wait?: WaitOptions): Promise<void>;
  /** Asks the target one question with a known answer; a bad answer is an outcome, not an error. */
  probe(timeoutMs: number, wait?: WaitOptions): Promise<ProbeOutcome>;
  /** Asks one service of the target a question of its own; otherwise as `probe`. */
  ask(question: ServiceQuestion, timeoutMs: number, wait?: WaitOptions): Promise<ProbeOutcome>;
  /** Load on; returns at once. */
  start(): void;
  /** Load off; resolves with the totals when nothing is in flight any more, with null for a load that cannot count. */
  stop(wait?: WaitOptions): Promise<LoadSummary | null>;
  /** The latest report; null before the first. Never waits. */
  latest(): LatestLoad | null;
  /** Ends the process: disconnect, SIGTERM, SIGKILL. Safe to call twice; resolves when it is gone. */
  close(): Promise<void>;
}

/** A load in a process of its own. */
export interface LoadProcess extends Load {
  /** Leader of its own process group, for the watchdog. */
  readonly pid: number;
}

/** A few system calls; generous because a loaded machine may swap. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Starts the load in a process of its own, in a process group and session of its own, so that it cannot disturb
 * the sampler's clock and a terminal's Ctrl-C does not reach it.
 *
 * @throws HarnessError `could-not-run` when the process cannot be started
 */
export function launchLoad(launch: LoadLaunch, deps: Partial<LoadLaunchDeps> = {}): LoadProcess {
  const { module = new URL('./main.js', import.meta.url), graceMs = 1000 } = deps;
  const path = fileURLToPath(module);
  if (!existsSync(path)) throw couldNotRun(`${path} is missing; build it with "npm run build"`);
  const child = fork(path, [], {
    detached: true,
    stdio: ['ignore', launch.logFd, launch.logFd, 'ipc'],
    env: launch.env,
    execArgv: [],
  });
  let latest: LatestLoad | null = null;
  const channel = createLoadChannel(child, (counters, intervalLatencyMs) => {
    latest = { counters, intervalLatencyMs };
  });
  const { pid } = child;
  if (pid === undefined)
    throw couldNotRun('the load process could not be started (out of processes or memory?)');
  const { plan, reportEveryMs } = launch;
  let probes = 0;
  let closed: Promise<void> | null = null;

  const probe = (
    ask: ServiceQuestion | null,
    timeoutMs: number,
    wait: WaitOptions = {},
  ): Promise<ProbeOutcome> => {
    const id = ++probes;
    return channel.ask(
      { kind: 'probe', id, timeoutMs, ask },
      (report) =>
        report.kind === 'probed' && report.id === id ? { ok: report.ok, message: report.message } : null,
      { timeoutMs: timeoutMs + ANSWER_TIMEOUT_MS, ...wait },
    );
  };

  return {
    pid,
    failed: channel.failed,
    async prepare(wait = {}) {
      const { upstream } = await channel.ask(
        { kind: 'prepare', plan, reportEveryMs },
        (report) => (report.kind === 'prepared' ? report : null),
        { timeoutMs: ANSWER_TIMEOUT_MS, ...wait },
      );
      return upstream;
    },
    async connect(addresses, wait = {}) {
      await channel.ask(
        { kind: 'connect', addresses },
        (report) => (report.kind === 'connected' ? true : null),
        {
          timeoutMs: ANSWER_TIMEOUT_MS,
          ...wait,
        },
      );
    },
    probe: (timeoutMs, wait) => probe(null, timeoutMs, wait),
    ask: (question, timeoutMs, wait) => probe(question, timeoutMs, wait),
    start: () => channel.tell({ kind: 'start' }),
    async stop(wait = {}) {
      const stopped = await channel.ask(
        { kind: 'stop' },
        (report) => (report.kind === 'stopped' ? report : null),
        { timeoutMs: plan.timeoutMs + ANSWER_TIMEOUT_MS, ...wait },
      );
      return summaryOf(stopped);
    },
    latest: () => latest,
    close() {
      channel.expectEnd();
      closed ??= endChild(child, graceMs);
      return closed;
    },
  };
}

function summaryOf({ counters, latencyMs, generator }: LoadReport & { kind: 'stopped' }): LoadSummary | null {
  if (counters === null) return null;
  return { ...counters, latencyMs, ...(generator === undefined ? {} : { generator }) };
}
