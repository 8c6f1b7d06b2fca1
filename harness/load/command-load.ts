import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { couldNotRun } from '../core/errors.js';
import { signalGroup } from '../core/signal-group.js';
import { type LoadDriver, NOTHING_COUNTED, type PossibleTick } from './load-driver.js';
import type { CommandLoadPlan } from './plan.js';
import { probeTcp } from './tcp-probe.js';

/** What the user's load tool is given to end by itself: SIGINT first, on which tools print their summary. */
const GRACE_MS = { SIGINT: 5_000, SIGTERM: 2_000 } as const;

/** What is left of its group once a wrapper has ended is given so much longer, and looked for so often. */
const STRAGGLERS_MS = 1_000;
const LOOK_EVERY_MS = 20;

/** A command that ends sooner than this is not doing work; so many times in a row, and the load has failed. */
const SHORTEST_WORK_MS = 500;
const MAX_SHORT_ENDS = 3;

/** What the driver tells outside: lines for the log, and a failure that ends the load. */
export interface CommandLoadOutput {
  readonly log: (line: string) => void;
  readonly fail: (error: Error) => void;
}

/**
 * A load that the user already has: any command, started when load begins and ended with SIGINT when it stops, as by
 * Ctrl-C: its whole process group is signalled, so that `sh -c`, npm and other wrappers leave no load behind.
 *
 * A command that ends by itself with exit code 0 is started again as long as load is on; any other end is a
 * failure of the load. The command is told of the run by its environment: `LEAK_SOAK_CYCLE` (1, 2, …),
 * `LEAK_SOAK_RATE`, `LEAK_SOAK_SEED`, and an address per service of the target (`LEAK_SOAK_HTTP`, …).
 */
export function openCommandLoad(
  plan: CommandLoadPlan,
  addresses: Readonly<Record<string, string>>,
  { log, fail }: CommandLoadOutput,
): LoadDriver<PossibleTick> {
  const [file, ...args] = plan.command;
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let running = false;
  let cycle = 0;
  let shortEnds = 0;

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    LEAK_SOAK_CYCLE: String(cycle),
    LEAK_SOAK_RATE: String(plan.ratePerSec),
    LEAK_SOAK_SEED: String(plan.seed),
    ...Object.fromEntries(
      Object.entries(addresses).map(([service, text]) => [
        `LEAK_SOAK_${service.toUpperCase().replaceAll('-', '_')}`,
        text,
      ]),
    ),
  });

  const launch = (): void => {
    const startMs = performance.now();
    // The watchdog finds its group by the run id in the environment; its output goes to the load log.
    const launched = spawn(file, args, { stdio: ['ignore', 2, 2], env: environment(), detached: true });
    child = launched;
    ended = new Promise((resolve) => {
      launched.once('error', (cause) => {
        fail(couldNotRun(`cannot start the load command '${file}': ${cause.message}`, cause));
        resolve();
      });
      launched.once('exit', (code, signal) => {
        log(`the load command ended with ${signal ?? `exit code ${code}`} after ${seconds(startMs)} s`);
        resolve();
        if (!running) return;
        kill(launched);
        again(code, signal, startMs);
      });
    });
  };

  // Whoever named an address had it waited for.
  const waitedForNothing =
    Object.keys(addresses).length > 0
      ? ''
      : ', and if the target did not listen yet: nothing waited for it, name its address (--tcp, --http, …)';

  const again = (code: number | null, signal: string | null, startMs: number): void => {
    shortEnds = performance.now() - startMs < SHORTEST_WORK_MS ? shortEnds + 1 : 0;
    if (code !== 0) {
      fail(
        couldNotRun(
          `the load command ended with ${signal ?? `exit code ${code}`}; load.log has its output${waitedForNothing}`,
        ),
      );
    } else if (shortEnds >= MAX_SHORT_ENDS) {
      fail(
        couldNotRun(`the load command ended at once ${shortEnds} times; does it do anything? See load.log`),
      );
    } else {
      launch();
    }
  };

  const end = async (): Promise<void> => {
    const group = child?.pid;
    if (group === undefined) return;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      signalGroup(group, signal);
      if (!(await within(ended, GRACE_MS[signal]))) continue;
      if (await emptied(group)) return;
      log('the load command left processes behind, which were killed');
      return kill(child);
    }
    log('the load command ignored SIGINT and SIGTERM and was killed');
    kill(child);
    await ended;
  };

  return {
    start() {
      if (running) throw couldNotRun('the load runs already');
      running = true;
      cycle++;
      launch();
    },
    async stop() {
      running = false;
      await end();
      return NOTHING_COUNTED;
    },
    tick: () => NOTHING_COUNTED,
    probe: (timeoutMs) => probeTcp(addresses, timeoutMs),
    close() {
      running = false;
      kill(child);
    },
  };
}

/** Ends what is left of a command's group. */
function kill(command: ChildProcess | null): void {
  if (command?.pid !== undefined) signalGroup(command.pid, 'SIGKILL');
}

/** Resolves to whether a group whose leader has ended is empty soon. */
async function emptied(group: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < STRAGGLERS_MS; waitedMs += LOOK_EVERY_MS) {
    if (!signalGroup(group, 0)) return true;
    await delay(LOOK_EVERY_MS);
  }
  return false;
}

function seconds(startMs: number): string {
  return ((performance.now() - startMs) / 1000).toFixed(1);
}

function within(promise: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
