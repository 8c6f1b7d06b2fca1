import type { ChildProcess } from 'node:child_process';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { LatencyMs, LoadCounters } from '../core/load-counters.js';
import { deferred } from './deferred.js';
import type { LoadCommand, LoadReport } from './protocol.js';

/** How long an answer is waited for. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Commands to the load process and the reports that answer them. */
export interface LoadChannel {
  /** Rejects once when the process reports an error or ends unasked. */
  readonly failed: Promise<never>;
  /** Sends without waiting; an error of the channel shows in `failed`. */
  tell(command: LoadCommand): void;
  /** Sends and waits for the first report that `answerIn` does not turn into null. */
  ask<T extends string | boolean | object>(
    command: LoadCommand,
    answerIn: (report: LoadReport) => T | null,
    wait: WaitOptions & { readonly timeoutMs: number },
  ): Promise<T>;
  /** From now on the end of the process is no failure; pending waits reject. */
  expectEnd(): void;
}

interface Waiter {
  take(report: LoadReport): void;
  reject(error: Error): void;
}

/** Nothing is answered in the interval that follows a stop. */
const NO_LATENCY: LatencyMs = { p50: null, p99: null };

/** @param onTick is called with each report of a running load, and with the totals of a stopped one */
export function createLoadChannel(
  child: ChildProcess,
  onTick: (counters: LoadCounters | null, intervalLatencyMs: LatencyMs) => void,
): LoadChannel {
  const failure = deferred<never>();
  // Whoever cares races it; nobody has to.
  failure.promise.catch(() => undefined);
  const waiters = new Set<Waiter>();
  let ended: Error | null = null;

  const end = (error: Error): void => {
    ended = error;
    for (const waiter of [...waiters]) waiter.reject(error);
  };
  const fail = (reason: string, cause?: unknown): void => {
    if (ended !== null) return;
    const error = couldNotRun(`load process ${child.pid ?? '(not started)'}: ${reason}`, cause);
    end(error);
    failure.reject(error);
  };

  child.on('message', (message) => {
    const report = message as LoadReport;
    if (report.kind === 'failed') fail(report.message);
    if (report.kind === 'tick') onTick(report.counters, report.intervalLatencyMs);
    if (report.kind === 'stopped') onTick(report.counters, NO_LATENCY);
    for (const waiter of [...waiters]) waiter.take(report);
  });
  child.on('error', (error) => fail(messageOf(error), error));
  child.on('exit', (code, signal) => {
    const gone = (): void =>
      fail(`ended unexpectedly with ${signal ?? `exit code ${code}`}; see the load log`);
    // A last report may still be in the channel; "disconnect" comes behind it.
    if (child.connected) child.once('disconnect', gone);
    else gone();
  });

  const tell = (command: LoadCommand): void => {
    if (ended !== null) return;
    child.send(command, (error) => {
      if (error !== null) fail(`"${command.kind}" could not be sent: ${messageOf(error)}`, error);
    });
  };

  return {
    failed: failure.promise,
    tell,
    async ask<T>(
      command: LoadCommand,
      answerIn: (report: LoadReport) => T | null,
      { signal, timeoutMs }: WaitOptions & { readonly timeoutMs: number },
    ): Promise<T> {
      signal?.throwIfAborted();
      if (ended !== null) throw ended;
      const answer = deferred<T>();
      const waiter: Waiter = {
        take: (report) => {
          const found = answerIn(report);
          if (found !== null) answer.resolve(found);
        },
        reject: answer.reject,
      };
      const onAbort = (): void => answer.reject(signal?.reason);
      const timer = setTimeout(
        () => answer.reject(couldNotRun(`load process: no answer to "${command.kind}" in ${timeoutMs} ms`)),
        timeoutMs,
      );
      waiters.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        tell(command);
        return await answer.promise;
      } finally {
        clearTimeout(timer);
        waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    expectEnd: () => {
      if (ended === null) end(couldNotRun('the load process was closed'));
    },
  };
}
