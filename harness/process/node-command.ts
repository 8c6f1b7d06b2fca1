import { fileURLToPath } from 'node:url';

/**
 * How the built-in node under test is started. The harness knows where its program lies and nothing else of
 * it: all they exchange are addresses, JSON lines and exit codes, as with any other server.
 */
export function builtInNodeCommand(...args: string[]): [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL('../../target/main.js', import.meta.url)), ...args];
}
