import { couldNotRun } from '../core/errors.js';
import { checkPlan } from './check-plan.js';
import type { LoadDriver, PossibleTick, ProbeOutcome } from './load-driver.js';
import type { ProcessPlan } from './plan.js';
import { type LoadOutput, type PreparedLoad, prepareLoad } from './prepare-load.js';
import type { LoadCommand, LoadReport } from './protocol.js';
import { probeService, type ServiceQuestion } from './service-probe.js';

/** The load process without its process: commands in, reports out. */
export interface LoadSession {
  /** Carries a command out; rejects when it cannot be, which ends the session. */
  handle(command: LoadCommand): Promise<void>;
  /** Releases sockets and timers; safe to call twice. */
  close(): void;
}

/** Where a session's words go. */
export interface SessionOutput extends LoadOutput {
  readonly report: (report: LoadReport) => void;
}

interface Prepared extends PreparedLoad {
  readonly reportEveryMs: number;
}

/** A session that waits for `prepare`, then `connect`, then any number of `probe`, `start` and `stop`. */
export function createLoadSession({ report, log, fail }: SessionOutput): LoadSession {
  let prepared: Prepared | null = null;
  let driver: LoadDriver<PossibleTick> | null = null;
  let services: Readonly<Record<string, string>> = {};
  /** Numbers of the names that services are asked for, apart from those of the driver's own probes. */
  let asked = 1_000_000;
  let ticks: NodeJS.Timeout | undefined;

  const prepare = async (plan: ProcessPlan, reportEveryMs: number): Promise<void> => {
    if (prepared !== null) throw couldNotRun('the load is prepared already');
    checkPlan(plan);
    prepared = { ...(await prepareLoad(plan, { log, fail })), reportEveryMs };
    report({ kind: 'prepared', upstream: prepared.upstream });
  };

  const connect = async (addresses: Readonly<Record<string, string>>): Promise<void> => {
    if (prepared === null) throw couldNotRun('the load must be prepared before it is connected');
    if (driver !== null) throw couldNotRun('the load is connected already');
    driver = await prepared.connect(addresses);
    services = addresses;
    report({ kind: 'connected' });
  };

  const connected = (): { driver: LoadDriver<PossibleTick>; reportEveryMs: number } => {
    if (prepared === null || driver === null) throw couldNotRun('the load is not connected to a target');
    return { driver, reportEveryMs: prepared.reportEveryMs };
  };

  const probe = (ask: ServiceQuestion | null, timeoutMs: number): Promise<ProbeOutcome> => {
    const { driver: probing } = connected();
    return ask === null ? probing.probe(timeoutMs) : probeService(ask, services, ++asked, timeoutMs);
  };

  const start = (): void => {
    const { driver: running, reportEveryMs } = connected();
    prepared?.loadIs(true);
    running.start();
    ticks = setInterval(() => {
      const { counters, latencyMs } = running.tick();
      report({ kind: 'tick', counters, intervalLatencyMs: latencyMs });
    }, reportEveryMs);
  };

  const stop = async (): Promise<void> => {
    const { driver: stopping } = connected();
    prepared?.loadIs(false);
    const total = await stopping.stop();
    clearInterval(ticks);
    report({ kind: 'stopped', ...total });
  };

  return {
    async handle(command) {
      switch (command.kind) {
        case 'prepare':
          return prepare(command.plan, command.reportEveryMs);
        case 'connect':
          return connect(command.addresses);
        case 'probe':
          report({ kind: 'probed', id: command.id, ...(await probe(command.ask, command.timeoutMs)) });
          return;
        case 'start':
          return start();
        case 'stop':
          return stop();
      }
    },
    close() {
      clearInterval(ticks);
      driver?.close();
      prepared?.close();
    },
  };
}
