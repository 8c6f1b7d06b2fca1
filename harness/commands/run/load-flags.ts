import { accessSync, constants, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { messageOf, usageError } from '../../core/errors.js';
import type { PeerIdentity } from '../../load/peer/identity.js';
import type { QuestionPlan } from '../../load/plan.js';
import { splitCommandLine } from '../../process/command-line.js';
import type { HttpRequest, HttpVersion } from '../../run/scenario.js';
import { collect } from '../collect.js';

/** The flags that shape the load. */
export interface LoadFlags {
  readonly loadCommand?: [string, ...string[]];
  readonly rateFlow?: string;
  readonly outstanding?: number;
  readonly drivers?: number;
  readonly names?: string;
  readonly queries?: string;
  readonly zipf?: { readonly count: number; readonly exponent: number };
  readonly allowRemote: readonly string[];
  readonly connections?: number;
  readonly httpVersion?: HttpVersion;
  readonly insecure?: boolean;
  readonly peerOrigin?: string;
  readonly peerVersion?: string;
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
    .option('--rate-flow <flow>', 'rates over time, repeated: "10s:5000,30s:20000", a ramp is "10s:0-5000"')
    .option(
      '--connections <n>',
      "connections held at most (default: the scenario's)",
      wholeNumber('--connections'),
    )
    .option(
      '--outstanding <n>',
      'closed model: so many questions or requests are in flight at all times and no rate is kept',
      wholeNumber('--outstanding'),
    )
    .option('--drivers <n>', 'threads that share out a DNS flood over UDP', wholeNumber('--drivers'))
    .option('--names <file>', 'DNS names to ask for, one per line, instead of new ones')
    .option('--queries <file>', 'DNS questions as dnsperf reads them, "name type" per line')
    .option(
      '--zipf <count[:exponent]>',
      'so many DNS names, the k-th with a weight of 1/k^exponent',
      zipfFlag,
    )
    .option(
      '--allow-remote <host>',
      'let load go to this host as well, which is not this machine (repeatable)',
      collect,
      [],
    )
    .addOption(
      new Option('--http-version <version>', 'HTTP that DNS over HTTPS is spoken in (default: 1.1)').choices([
        '1.1',
        '2',
      ]),
    )
    .option('--insecure', 'accept a certificate that cannot be verified, such as a self-signed one')
    .option('--peer-origin <hash>', "hash of the first block of an ALFIS peer's chain, 64 hex digits")
    .option('--peer-version <version>', 'version of ALFIS that its peer takes (default: 0.8.8)')
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

/** As whom ALFIS peers are called; only what was given. */
export function peerOf({ peerOrigin, peerVersion }: LoadFlags): Partial<PeerIdentity> | undefined {
  if (peerOrigin === undefined && peerVersion === undefined) return undefined;
  return {
    ...(peerOrigin === undefined ? {} : { origin: peerOrigin.toUpperCase() }),
    ...(peerVersion === undefined ? {} : { appVersion: peerVersion }),
  };
}

function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text);
    throw usageError(`${flag} "${text}" is not a whole number from 1`);
  };
}

function zipfFlag(text: string): { count: number; exponent: number } {
  const parts = /^(\d+)(?::(\d+(?:\.\d+)?))?$/.exec(text);
  if (parts !== null && Number(parts[1]) >= 1) {
    return { count: Number(parts[1]), exponent: Number(parts[2] ?? 1) };
  }
  throw usageError(`--zipf "${text}" is not COUNT or COUNT:EXPONENT, e.g. 10000:1.1`);
}

/** Where DNS questions come from; undefined for the scenario's own. Throws `usage` for more than one source. */
export function questionsOf({ names, queries, zipf }: LoadFlags): QuestionPlan | undefined {
  const sources = [
    ...(names === undefined ? [] : [{ kind: 'names', path: readable('--names', names) } as const]),
    ...(queries === undefined ? [] : [{ kind: 'queries', path: readable('--queries', queries) } as const]),
    ...(zipf === undefined ? [] : [{ kind: 'zipf', ...zipf } as const]),
  ];
  if (sources.length > 1) throw usageError('--names, --queries and --zipf exclude each other: leave one');
  return sources[0];
}

/** The file's absolute path, for the load process; refused here when it cannot be read. */
function readable(flag: string, path: string): string {
  try {
    accessSync(path, constants.R_OK);
    return resolve(path);
  } catch (cause) {
    throw usageError(`${flag} ${path}: ${messageOf(cause)}`, cause);
  }
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
