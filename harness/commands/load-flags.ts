import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { messageOf, usageError } from '../core/errors.js';
import { splitCommandLine } from '../process/command-line.js';
import type { HttpRequest } from '../run/scenario.js';
import { collect } from './collect.js';

/** The flags that shape the load. */
export interface LoadFlags {
  readonly loadCommand?: [string, ...string[]];
  readonly connections?: number;
  readonly method?: string;
  readonly header: readonly string[];
  readonly body?: string;
}

export function addLoadFlags(command: Command): Command {
  return command
    .option(
      '--load-command <line>',
      'a load tool of yours, started and stopped with the phases, e.g. "k6 run soak.js"',
      (text) => splitCommandLine(text, '--load-command'),
    )
    .option('--connections <n>', "connections held at most (default: the scenario's)", connectionsFlag)
    .option('--method <name>', 'HTTP method (default: GET, with --body POST)')
    .option('--header <line>', 'HTTP header, e.g. "Accept: text/html" (repeatable)', collect, [])
    .option('--body <text>', 'HTTP body; @FILE takes it from a file');
}

/** The request that the flags ask for; only what was given. Throws `usage` for what is no request. */
export function requestOf(flags: LoadFlags): Partial<HttpRequest> {
  const method = flags.method ?? (flags.body === undefined ? undefined : 'POST');
  if (method !== undefined && !/^[A-Za-z]+$/.test(method)) {
    throw usageError(`--method "${method}" is not an HTTP method, e.g. GET or POST`);
  }
  return {
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
    ...(flags.header.length === 0 ? {} : { headers: Object.fromEntries(flags.header.map(headerEntry)) }),
    ...(flags.body === undefined ? {} : { body: bodyOf(flags.body) }),
  };
}

function connectionsFlag(text: string): number {
  const connections = Number(text);
  if (/^\d+$/.test(text) && connections >= 1) return connections;
  throw usageError(`--connections "${text}" is not a number of connections: give a whole number from 1`);
}

/** Field names and values of RFC 9110 §5.5; a line break would smuggle in another header. */
function headerEntry(line: string): [string, string] {
  const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*([^\r\n]*)$/.exec(line);
  if (parts === null) throw usageError(`--header "${line}" is not of the form "Name: value"`);
  return [parts[1] as string, parts[2] as string];
}

function bodyOf(text: string): string {
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(text.slice(1), 'utf8');
  } catch (cause) {
    throw usageError(`--body ${text}: ${messageOf(cause)}`, cause);
  }
}
