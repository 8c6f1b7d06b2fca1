import { systemClock } from '../core/clock.js';
import { couldNotRun } from '../core/errors.js';
import { checkPlan } from './check-plan.js';
import { openCommandLoad } from './command-load.js';
import { type StubUpstream, startStubUpstream } from './dns/stub-upstream.js';
import type { LoadDriver, PossibleTick, ProbeOutcome } from './load-driver.js';
import { openDriver } from './open-driver.js';
import type { ProcessPlan } from './plan.js';
import type { LoadCommand, LoadReport } from './protocol.js';
import { importTraffic } from './script/import-script.js';
import { openScriptLoad } from './script/script-load.js';
import { probeService, type ServiceQuestion } from './service-probe.js';

/** The load process without its process: commands in, reports out. */
export interface LoadSession {
  /** Carries a command out; rejects when it cannot be, which ends the session. */
  handle(command: LoadCommand): Promise<void>;
  /** Releases sockets and timers; safe to call twice. */
  close(): void;
}

/** Where a session's words go. */
export interface SessionOutput {
  readonly report: (report: LoadReport) => void;
  readonly log: (line: string) => void;
  /** Ends the session for an error that no command answers for. */
  readonly fail: (error: Error) => void;
}

interface Prepared {
  readonly plan: ProcessPlan;
  readonly reportEveryMs: number;
  /** Null for a load that has none. */
  readonly upstream: StubUpstream | null;
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
    const upstream =
      'upstream' in plan && plan.upstream !== null
        ? await startStubUpstream(plan.upstream, plan.seed, log)
        : null;
    prepared = { plan, reportEveryMs, upstream };
    report({ kind: 'prepared', upstream: upstream?.address ?? null });
  };

  const connect = async (addresses: Readonly<Record<string, string>>): Promise<void> => {
    if (prepared === null) throw couldNotRun('the load must be prepared before it is connected');
    if (driver !== null) throw couldNotRun('the load is connected already');
    driver = await open(prepared.plan, addresses);
    services = addresses;
    report({ kind: 'connected' });
  };

  const open = async (
    plan: ProcessPlan,
    addresses: Readonly<Record<string, string>>,
  ): Promise<LoadDriver<PossibleTick>> => {
    if (plan.kind === 'script') {
      const script = await importTraffic(plan.path);
      return openScriptLoad(plan, script, addresses, { nowMs: systemClock.nowMs, log, fail });
    }
    if (plan.kind === 'command') return openCommandLoad(plan, addresses, { log, fail });
    return openDriver(plan, addresses, log);
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
    prepared?.upstream?.loadIs(true);
    running.start();
    ticks = setInterval(() => {
      const { counters, latencyMs } = running.tick();
      report({ kind: 'tick', counters, intervalLatencyMs: latencyMs });
    }, reportEveryMs);
  };

  const stop = async (): Promise<void> => {
    const { driver: stopping } = connected();
    prepared?.upstream?.loadIs(false);
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
      prepared?.upstream?.close();
    },
  };
}
