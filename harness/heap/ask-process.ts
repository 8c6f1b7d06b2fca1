import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { couldNotRun, HarnessError, type HarnessErrorCode } from '../core/errors.js';

/** What a process of ours that answers one request sends back. */
export type ProcessAnswer<Result> =
  | { readonly kind: 'result'; readonly result: Result; readonly usage: ProcessUsage }
  | { readonly kind: 'error'; readonly code: HarnessErrorCode; readonly message: string };

/** What it took. */
export interface ProcessUsage {
  readonly peakRssBytes: number;
  readonly cpuMs: number;
}

export interface AskOptions {
  /** Ends the process; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a compiled module as a process, hands it a request and waits for its one answer. The process is gone when
 * this returns.
 *
 * Throws the error it answers with, and `could-not-run` when it dies without an answer.
 */
export async function askProcess<Result>(
  module: URL,
  request: object,
  { signal, env = process.env }: AskOptions,
): Promise<{ readonly result: Result; readonly usage: ProcessUsage }> {
  signal?.throwIfAborted();
  const path = fileURLToPath(module);
  if (!existsSync(path)) throw couldNotRun(`${path} is missing; build it with "npm run build"`);
  // A session of its own: a terminal's Ctrl-C is for the command to hand on.
  const child = fork(path, [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    detached: true,
    env,
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  try {
    const answer = await new Promise<ProcessAnswer<Result>>((resolve, reject) => {
      child.once('message', (message) => resolve(message as ProcessAnswer<Result>));
      child.once('error', (error) => reject(died(error.message)));
      child.once('exit', (code, killedBy) => reject(died(killedBy ?? `exit ${code}`)));
      child.send(request, (error) => {
        if (error !== null) reject(died(error.message));
      });
    });
    if (answer.kind === 'error') throw new HarnessError(answer.code, answer.message);
    return answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
    kill();
  }
}

function died(how: string): HarnessError {
  return couldNotRun(
    `the process that compares heap snapshots ended (${how}), most likely for lack of memory: ` +
      'it needs about twice the size of the largest file',
  );
}

/** The other side: answers the one request of this process, which ends with its parent at the latest. */
export function answerParent<Request, Result>(work: (request: Request) => Promise<Result>): void {
  process.once('message', (request: Request) => {
    answerOf(work, request).then((answer) => process.send?.(answer, () => process.exit()));
  });
  process.once('disconnect', () => process.exit());
}

async function answerOf<Request, Result>(
  work: (request: Request) => Promise<Result>,
  request: Request,
): Promise<ProcessAnswer<Result>> {
  try {
    const result = await work(request);
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage = { peakRssBytes: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 };
    return { kind: 'result', result, usage };
  } catch (error) {
    if (error instanceof HarnessError) return { kind: 'error', code: error.code, message: error.message };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      kind: 'error',
      code: 'could-not-run',
      message: `the heap snapshots cannot be compared: ${message}`,
    };
  }
}
