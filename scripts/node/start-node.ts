import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The built-in node in a process of its own, as users start it. */
export interface StartedNode {
  readonly pid: number;
  /** `host:port` of DNS over UDP and TCP. */
  readonly dns: string;
  readonly port: number;
  /** Where `/health` and `/metrics` are. */
  readonly ops: string;
  /** `host:port` where it listens as a peer; null for one that is none. */
  readonly peer: string | null;
  /** Size of a long-lived collection; null when the node does not list it. */
  structure(name: string): Promise<NodeStructure | null>;
  /** What it has counted since its start, by the names that `/health` gives. */
  counters(): Promise<Readonly<Record<string, number>>>;
  /** How far its chain is, and what it has counted of its peers; null for one that is none. */
  chain(): Promise<NodeChain | null>;
  /** Ends it by a signal, SIGTERM unless told otherwise; its exit code (null: killed) and how long that took in ms. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

/** As `/health` lists it. */
export interface NodeStructure {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number | null;
  readonly limit: number | null;
}

/** What `/health` says about its chain and its peers. */
export interface NodeChain {
  readonly height: number;
  /** Hash of the last block; null in an empty chain. */
  readonly tip: string | null;
  readonly counters: Readonly<Record<string, number>>;
}

interface NodeHealth {
  readonly structures: readonly NodeStructure[];
  readonly counters: Readonly<Record<string, number>>;
  readonly chain?: NodeChain;
}

/** How a node is started, besides its configuration. */
export interface StartOptions {
  /** For the node. */
  readonly args?: readonly string[];
  /** For Node itself. */
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What becomes the node: the beginning of a command that the node's own is added to. */
  readonly wrap?: readonly string[];
}

/** Starts the node with this configuration (TOML). */
export async function startNode(
  toml: string,
  { args = [], flags = [], env = process.env, wrap = [] }: StartOptions = {},
): Promise<StartedNode> {
  const folder = mkdtempSync(join(tmpdir(), 'leak-soak-node-'));
  const file = join(folder, 'node.toml');
  writeFileSync(file, toml);
  const command = [...wrap, process.execPath, ...flags, mainPath(), '--config', file, ...args];
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  const exit = once(child, 'exit').finally(() => rmSync(folder, { recursive: true, force: true }));
  const ready = await Promise.race([readyLine(child), exit.then(() => null)]);
  if (ready === null || child.pid === undefined) throw new Error('the node did not start');
  const { dns, ops, peer = null } = ready.addresses;
  const health = async (): Promise<NodeHealth> =>
    (await (await fetch(`http://${ops}/health`)).json()) as NodeHealth;
  return {
    pid: child.pid,
    dns,
    ops,
    peer,
    port: Number(dns.split(':').at(-1)),
    structure: async (name) => (await health()).structures.find((each) => each.name === name) ?? null,
    counters: async () => (await health()).counters,
    chain: async () => (await health()).chain ?? null,
    stop: async (signal = 'SIGTERM') => {
      const startMs = performance.now();
      child.kill(signal);
      const [code] = await exit;
      return { code, tookMs: performance.now() - startMs };
    },
  };
}

async function readyLine(
  child: ChildProcess,
): Promise<{ addresses: { dns: string; ops: string; peer?: string } }> {
  if (child.stdout === null) throw new Error('no output');
  const [line] = await once(createInterface(child.stdout), 'line');
  return JSON.parse(String(line));
}

/** The compiled node; from TypeScript sources (tests) the one in `dist/`. */
function mainPath(): string {
  const here = fileURLToPath(new URL('../../target/main.js', import.meta.url));
  return existsSync(here) ? here : here.replace('/target/main.js', '/dist/target/main.js');
}
