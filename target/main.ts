/** The node under test as a command: reads its arguments, starts the node, and ends with the right exit code. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { monotonicClock } from './clock.js';
import { startNode } from './compose.js';
import { loadConfig } from './config.js';
import { EXIT, reasonOf, StartError, UsageError } from './errors.js';
import { describeFaults, FAULTS, type FaultId, isFaultId } from './faults.js';
import { makeChainCommand } from './make-chain-command.js';
import { createLog } from './ops/log.js';
import type { RunningNode } from './running-node.js';
import { VERSION } from './version.js';

const HELP = `Usage: main.js [--config FILE] [--fault ID]...
       main.js faults [--json]
       main.js make-chain --blocks N [--config FILE] [--seed TEXT] [--start SECONDS] [--padding BYTES]

A DNS resolver over UDP, TCP and HTTPS and, with a [net] or [chain] table, a peer with a chain: the node under test of
leak-soak. When it listens it prints one line of JSON with its addresses; SIGTERM or SIGINT stops it.

  --config FILE   settings in TOML; without it the defaults apply
  --fault ID      start with a deliberate leak, may be repeated
  faults          list the faults; --json prints them as an array
  make-chain      add N blocks to the configured chain, or print them
  --help          this text
  --version       the version
`;

/**
 * V8 collects the whole heap when it has grown by so many percent since the last time, instead of up to fourfold. What
 * leaves a full cache is garbage in the old part of the heap: at 8000 new names/s and a limit of 50 MB the process took
 * 319 MiB after a minute without this and 187 with it (live heap 63), for 5 % more CPU.
 */
const HEAP_GROWING_PERCENT = 30;

const log = createLog((line) => void process.stderr.write(line), monotonicClock);

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArguments(args);
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (command !== undefined && command !== 'faults' && command !== 'make-chain')) {
    throw new UsageError(`unknown command "${positionals.join(' ')}"; see --help`);
  }
  if (values.help) process.stdout.write(HELP);
  else if (values.version) process.stdout.write(`${VERSION}\n`);
  else if (command === 'faults') printFaults(values);
  else if (values.json) throw new UsageError('--json goes with the command "faults"; see --help');
  else if (command === 'make-chain') await makeBlocks(values);
  else {
    const name = MAKE_CHAIN_OPTIONS.find((each) => values[each] !== undefined);
    if (name !== undefined) throw new UsageError(`--${name} goes with the command "make-chain"; see --help`);
    await serve(values.config ?? null, readFaults(values.fault));
  }
}

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        fault: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        blocks: { type: 'string' },
        seed: { type: 'string' },
        start: { type: 'string' },
        padding: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    throw new UsageError(`${reason}; see --help`);
  }
}

function readFaults(ids: readonly string[]): ReadonlySet<FaultId> {
  const faults = new Set<FaultId>();
  for (const id of ids) {
    if (!isFaultId(id)) {
      const known = FAULTS.map((entry) => entry.id).join(', ');
      throw new UsageError(`--fault ${id}: there is no such fault; choose from ${known}`);
    }
    faults.add(id);
  }
  return faults;
}

function printFaults(values: { json: boolean; fault: readonly string[]; config?: string }): void {
  const { json: asJson, fault, config } = values;
  if (fault.length > 0 || config !== undefined) {
    const option = config === undefined ? '--fault' : '--config';
    throw new UsageError(`${option} starts the node and does not go with the command "faults"; see --help`);
  }
  process.stdout.write(asJson ? `${JSON.stringify(FAULTS, null, 2)}\n` : describeFaults());
}

/** Options of which only one command knows. */
const MAKE_CHAIN_OPTIONS = ['blocks', 'seed', 'start', 'padding'] as const;

async function makeBlocks(values: ReturnType<typeof parseArguments>['values']): Promise<void> {
  if (values.fault.length > 0) {
    throw new UsageError('--fault starts the node and does not go with the command "make-chain"; see --help');
  }
  const config = values.config === undefined ? null : loadConfig(values.config).config;
  if (config !== null && config.chain === undefined) {
    throw new UsageError(
      `${values.config}: has no [chain] table; add one that names the folder of the chain`,
    );
  }
  await makeChainCommand(values, config, { write: (line) => void process.stdout.write(line), log });
}

async function serve(file: string | null, faults: ReadonlySet<FaultId>): Promise<void> {
  const { config, ignoredKeys } = loadConfig(file);
  if (ignoredKeys.length > 0) {
    log.info(`${file}: without effect in this version: ${ignoredKeys.join(', ')}`);
  }
  let node: RunningNode;
  try {
    node = await startNode(config, faults, { clock: monotonicClock, log });
  } catch (error) {
    const reason = error instanceof StartError ? error.message : `cannot start (${reasonOf(error)})`;
    throw new StartError(`${file ?? 'defaults'}: ${reason}`, { cause: error });
  }
  stopOnSignal(node);
  const ready = { ready: true, version: VERSION, pid: process.pid, addresses: node.addresses };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** The first signal closes the node, and the process ends with nothing left to do; a second one does not wait for that. */
function stopOnSignal(node: RunningNode): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    node.close().then(() => process.exit(EXIT.ok), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Ends the process: one line for what the user can put right, the whole error for what only we can. */
function fail(error: unknown): never {
  const isExpected = error instanceof UsageError || error instanceof StartError;
  const text = isExpected
    ? error.message
    : `internal error: ${error instanceof Error ? error.stack : String(error)}`;
  log.info(text);
  process.exit(error instanceof UsageError ? EXIT.usage : EXIT.failure);
}

setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// Whoever started the node may stop reading its output; that is no reason to stop serving.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
main(process.argv.slice(2)).catch(fail);
