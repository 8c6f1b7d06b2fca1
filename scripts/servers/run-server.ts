import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../harness/core/free-port.js';
import type { RunVerdict } from '../../harness/core/verdict.js';

const CLI = fileURLToPath(new URL('../../harness/cli.js', import.meta.url));

/** The study's servers, and those of the ladder, which leak at an exact rate. */
const PROGRAMS = {
  study: fileURLToPath(new URL('./serve.js', import.meta.url)),
  ladder: fileURLToPath(new URL('../../harness/commands/self-test/ladder/server.js', import.meta.url)),
} as const;

/** One run of the command line over one of the servers here. */
export interface ServerRun {
  readonly program: keyof typeof PROGRAMS;
  /** Name of its behaviour. */
  readonly server: string;
  /** Handed to the behaviour. */
  readonly parameter: number;
  /** Requests per second. */
  readonly rate: number;
  readonly directory: string;
  /** Further flags of `leak-soak run`. */
  readonly flags: readonly string[];
}

/** Runs a server through `leak-soak run`; null when that printed no verdict. */
export async function runServer(run: ServerRun): Promise<RunVerdict | null> {
  const port = await freePort();
  const command = [process.execPath, PROGRAMS[run.program], run.server, String(port), String(run.parameter)];
  const args = [
    ...['run', '--command', command.map((word) => `'${word}'`).join(' ')],
    ...['--http', `http://127.0.0.1:${port}/{n}`, '--rate', String(run.rate), ...run.flags],
    ...['--out', run.directory, '--json', '--quiet'],
  ];
  // Any exit code but 0 rejects; the verdict is printed all the same.
  const stdout = await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: 2 ** 24 }).then(
    (done) => done.stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  return stdout === '' ? null : (JSON.parse(stdout) as RunVerdict);
}
