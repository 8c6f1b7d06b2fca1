import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../harness/cli.js', import.meta.url));

/** How a command of leak-soak ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of leak-soak to its end; whatever its exit code, this resolves. A signal to us is handed on. */
export function leakSoak(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { maxBuffer: 2 ** 26 }, (_, stdout, stderr) => {
      process.off('SIGTERM', hand).off('SIGINT', hand);
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
    const hand = (signal: NodeJS.Signals): void => {
      child.kill(signal);
      process.exitCode = 130;
    };
    process.on('SIGTERM', hand).on('SIGINT', hand);
  });
}

/** What a command printed with `--json`; null when it printed nothing. */
export function jsonOf<T>({ stdout }: Ended): T | null {
  return stdout.trim() === '' ? null : (JSON.parse(stdout) as T);
}
