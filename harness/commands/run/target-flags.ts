import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { usageError } from '../../core/errors.js';
import { SERVICES, type Service } from '../../core/service-address.js';
import { parseBytes, parseDuration } from '../../core/units.js';
import { parseDohTarget } from '../../load/dns/doh-target.js';
import { parseHttpTarget } from '../../load/http/http-target.js';
import { parseLoopback } from '../../load/loopback-address.js';
import { checkAttachable } from '../../process/attached-process.js';
import { splitCommandLine } from '../../process/command-line.js';
import { findGroupWay } from '../../process/memory-group.js';
import { checkInspectable } from '../../process/open-inspector.js';
import { SNAPSHOT_SIGNALS, type SnapshotSignal, whyNoSignal } from '../../process/signal-snapshot.js';
import {
  BUILT_IN,
  DEFAULT_READY_TIMEOUT_MS,
  type GroupedMemory,
  type TargetSpec,
} from '../../run/target-spec.js';
import { collect } from '../collect.js';

/** The flags that say what is put under test, as commander hands them over. */
export interface TargetFlags {
  readonly dns?: string;
  readonly dnsTcp?: string;
  readonly doh?: string;
  readonly http?: string;
  readonly tcp?: string;
  readonly peer?: string;
  readonly command?: [string, ...string[]];
  readonly pid?: number;
  readonly allowInspect?: boolean;
  readonly snapshotSignal?: SnapshotSignal;
  readonly cwd?: string;
  readonly env: readonly string[];
  readonly readyLog?: RegExp;
  readonly readyTimeout?: number;
  readonly memoryHigh?: number;
  readonly memoryMax?: number;
}

/** The name under which commander hands over each address. */
const FLAG_OF = {
  dns: 'dns',
  'dns-tcp': 'dnsTcp',
  doh: 'doh',
  http: 'http',
  tcp: 'tcp',
  peer: 'peer',
} as const satisfies Record<Service, keyof TargetFlags>;

/** Longest that a target may take to be ready. */
const MAX_READY_TIMEOUT_MS = 3_600_000;

export function addTargetFlags(command: Command): Command {
  return command
    .option(
      '--command <line>',
      'start this server instead of the built-in node, directly and in the foreground',
      (text) => splitCommandLine(text, '--command'),
    )
    .option('--pid <n>', 'watch this process, which runs already, instead of the built-in node', pidFlag)
    .option(
      '--allow-inspect',
      'read the heap of the Node process of --pid through its inspector, switched on by SIGUSR1',
    )
    .addOption(
      new Option(
        '--snapshot-signal <name>',
        'the Node process of --command or --pid writes a heap snapshot on this signal (node --heapsnapshot-signal=…, heapdump)',
      ).choices(SNAPSHOT_SIGNALS),
    )
    .option('--http <url>', 'where the target serves HTTP, e.g. http://127.0.0.1:8080/; {n} is a number')
    .option('--dns <address>', 'where the target serves DNS, e.g. 127.0.0.1:5353')
    .option('--dns-tcp <address>', 'where the target serves DNS over TCP')
    .option('--doh <url>', 'where the target serves DNS over HTTPS, e.g. https://127.0.0.1:8443/dns-query')
    .option('--tcp <address>', 'a TCP address that the target listens on')
    .option('--peer <address>', 'where the target serves ALFIS peers, e.g. 127.0.0.1:4244')
    .option('--cwd <dir>', 'directory that --command is started in')
    .option(
      '--env <name[=value]>',
      'environment of --command; NAME alone hands ours on (repeatable)',
      collect,
      [],
    )
    .option(
      '--ready-log <regex>',
      'ready when a line of its output matches (default: when it listens)',
      readyLogFlag,
    )
    .option(
      '--ready-timeout <time>',
      `how long --command may take to be ready (default: ${DEFAULT_READY_TIMEOUT_MS / 1000}s)`,
      (text) => parseDuration(text, { name: '--ready-timeout', minMs: 1, maxMs: MAX_READY_TIMEOUT_MS }),
    )
    .option(
      '--memory-high <size>',
      'slow --command down above this memory, in a cgroup v2 of its own',
      (text) => parseBytes(text, '--memory-high'),
    )
    .option(
      '--memory-max <size>',
      'let the kernel end --command at this memory, in a cgroup v2 of its own',
      (text) => parseBytes(text, '--memory-max'),
    );
}

/** What the flags put under test. Throws `usage` for flags that exclude or need each other. */
export function targetOf(flags: TargetFlags & { readonly allowRemote: readonly string[] }): TargetSpec {
  const addresses = addressesOf(flags, flags.allowRemote);
  if (flags.command !== undefined && flags.pid !== undefined) {
    throw usageError('--command and --pid exclude each other: start a server, or watch one that runs');
  }
  if (flags.command === undefined) {
    const [alone] = [
      ...(flags.cwd === undefined ? [] : ['--cwd']),
      ...(flags.env.length === 0 ? [] : ['--env']),
      ...(flags.readyLog === undefined ? [] : ['--ready-log']),
      ...(flags.readyTimeout === undefined ? [] : ['--ready-timeout']),
      ...(flags.memoryHigh === undefined ? [] : ['--memory-high']),
      ...(flags.memoryMax === undefined ? [] : ['--memory-max']),
    ];
    if (alone !== undefined) throw usageError(`${alone} belongs to --command, which is missing`);
    if (flags.pid !== undefined) {
      const { command } = checkAttachable(flags.pid);
      const { pid, allowInspect = false, snapshotSignal } = flags;
      if (allowInspect) checkInspectable(pid);
      if (snapshotSignal !== undefined) checkSignal(pid, snapshotSignal);
      return { kind: 'attached', pid, command, allowInspect, snapshotSignal, addresses };
    }
    if (flags.allowInspect === true) throw usageError('--allow-inspect belongs to --pid, which is missing');
    if (flags.snapshotSignal !== undefined) {
      throw usageError(
        '--snapshot-signal belongs to --command or --pid: the built-in node has the agent in it',
      );
    }
    const [service] = Object.keys(addresses);
    if (service === undefined) return BUILT_IN;
    throw usageError(`--${service} says where a server of yours listens: add --command "…" or --pid N`);
  }
  if (flags.allowInspect === true) {
    throw usageError('--allow-inspect belongs to --pid: a server of --command has the agent in it');
  }
  return {
    kind: 'command',
    command: flags.command,
    cwd: resolve(flags.cwd ?? '.'),
    env: Object.fromEntries(flags.env.map(envEntry)),
    addresses,
    readyLog: flags.readyLog ?? null,
    readyTimeoutMs: flags.readyTimeout ?? DEFAULT_READY_TIMEOUT_MS,
    memory: memoryOf(flags),
    snapshotSignal: flags.snapshotSignal,
  };
}

function checkSignal(pid: number, signal: SnapshotSignal): void {
  const refusal = whyNoSignal(pid, signal);
  if (refusal !== null) throw usageError(`--snapshot-signal: ${refusal}`);
}

function memoryOf({ memoryHigh, memoryMax }: TargetFlags): GroupedMemory | null {
  if (memoryHigh === undefined && memoryMax === undefined) return null;
  if (memoryHigh !== undefined && memoryMax !== undefined && memoryHigh >= memoryMax) {
    throw usageError(
      '--memory-high must be below --memory-max: the kernel slows the target down before it ends it',
    );
  }
  const way = findGroupWay(memoryMax === undefined ? '--memory-high' : '--memory-max');
  return { high: memoryHigh ?? null, max: memoryMax ?? null, way };
}

function addressesOf(flags: TargetFlags, allowRemote: readonly string[]): Record<string, string> {
  const given = SERVICES.flatMap((service): (readonly [string, string])[] => {
    const text = flags[FLAG_OF[service]];
    if (text === undefined) return [];
    // Refused here, before anything is started; the load checks again where it sends.
    if (service === 'http') parseHttpTarget(text, allowRemote);
    else if (service === 'doh') parseDohTarget(text, allowRemote);
    else parseLoopback(text, allowRemote);
    return [[service, text]];
  });
  return Object.fromEntries(given);
}

/** A process number. Throws `usage` for anything else. */
export function pidFlag(text: string): number {
  const pid = Number(text);
  if (/^\d+$/.test(text) && pid >= 1 && pid <= 2 ** 22) return pid;
  throw usageError(`--pid "${text}" is not a process number: give a whole number from 1 (pgrep -f NAME)`);
}

function readyLogFlag(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    throw usageError(`--ready-log "${text}" is not a regular expression: ${(cause as Error).message}`, cause);
  }
}

/** `NAME=VALUE`, or `NAME` of a variable of ours that the target is to have as well. */
function envEntry(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  const value = process.env[text];
  if (at === 0 || value === undefined) {
    throw usageError(
      `--env "${text}" is not of the form NAME=VALUE, nor the name of a variable that is set here`,
    );
  }
  return [text, value];
}
