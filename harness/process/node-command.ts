import { fileURLToPath } from 'node:url';

/**
 * The program of the built-in node under test. The harness knows where it lies and nothing else of it: all they
 * exchange are addresses, JSON lines and exit codes, as with any other server.
 */
export const BUILT_IN_NODE = fileURLToPath(new URL('../../target/main.js', import.meta.url));

/** How the built-in node is started, or the node of another version that lies at `program`. */
export function nodeCommand(program: string, ...args: string[]): [string, ...string[]] {
  return [process.execPath, program, ...args];
}

/** How the built-in node is started. */
export function builtInNodeCommand(...args: string[]): [string, ...string[]] {
  return nodeCommand(BUILT_IN_NODE, ...args);
}
