import { chmodSync, existsSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { HeapReading, TimedHeapReading } from '../core/heap-reading.js';

/** A heap snapshot, and whether allocations are sampled around it. */
export interface WantedSnapshot {
  /** The file it goes to. */
  readonly snapshot: string;
  /** Sample allocations from then on. */
  readonly sample?: boolean;
  /** Where those that were sampled until then and are still alive go; no file comes where nobody can sample. */
  readonly profile?: string;
}

/** The rig's end of the agents of one run. */
export interface AgentClient {
  /** What a Node target's environment needs, added to `base`; the user's own NODE_OPTIONS come first. */
  environment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Resolves to true when the agent of this process has greeted, to false after `timeoutMs`. */
  greeted(pid: number, timeoutMs: number): Promise<boolean>;
  /** Whether the agent of this process is connected. */
  has(pid: number): boolean;
  /** Asks for a reading and does not wait. Ignored while an earlier question is unanswered. */
  ask(pid: number, collect: boolean): void;
  /** The last answer; null before the first. */
  latest(pid: number): TimedHeapReading | null;
  /**
   * Has this process write a heap snapshot, which stops it until that is done. Rejects with `could-not-run`
   * when it cannot, or ends meanwhile, and with the signal's reason when that aborts.
   */
  snapshot(pid: number, wanted: WantedSnapshot, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

interface Connection {
  readonly socket: Socket;
  /** Id of the question not answered yet. */
  pending: number | null;
  latest: TimedHeapReading | null;
  /** Takes the answers about snapshots, by the question's id. */
  readonly snapshots: Map<number, SnapshotAnswer>;
}

/** Called once: with null when the snapshot is written, else with why it is not. */
type SnapshotAnswer = (error: string | null) => void;

/** What an agent says. */
interface Message {
  readonly hello?: { readonly pid: number };
  readonly id?: number;
  readonly reading?: HeapReading;
  readonly snapshot?: { readonly error: string | null };
}

/** Longest line taken from an agent; more than this is not our protocol. */
const MAX_LINE_LENGTH = 64 * 1024;

/** Listens on a Unix socket that only this user can open. Throws `could-not-run` when it cannot. */
export async function listenForAgents(socketPath: string, nowMs: () => number): Promise<AgentClient> {
  const connections = new Map<number, Connection>();
  const greetings = new Set<() => void>();
  const server = createServer((socket) => {
    serve(socket, connections, nowMs, () => {
      for (const wake of greetings) wake();
    });
  });
  await listen(server, socketPath);
  let nextId = 1;

  return {
    environment: (base) => ({
      ...base,
      NODE_OPTIONS: [base.NODE_OPTIONS, `--require=${quoteForNodeOptions(preloadPath())}`]
        .filter(Boolean)
        .join(' '),
      LEAK_SOAK_AGENT: socketPath,
    }),
    greeted: (pid, timeoutMs) => waitFor(() => connections.has(pid), greetings, timeoutMs),
    has: (pid) => connections.has(pid),
    ask: (pid, collect) => {
      const connection = connections.get(pid);
      if (connection === undefined || connection.pending !== null) return;
      connection.pending = nextId++;
      connection.socket.write(`${JSON.stringify({ id: connection.pending, collect })}\n`);
    },
    latest: (pid) => connections.get(pid)?.latest ?? null,
    snapshot: (pid, wanted, signal) => takeSnapshot(connections.get(pid), nextId++, wanted, signal),
    close: async () => {
      for (const { socket } of connections.values()) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(couldNotRun(`cannot listen for the agent: ${cause.message}`, cause)),
    );
    server.listen(socketPath, resolve);
  });
  try {
    chmodSync(socketPath, 0o600);
  } catch (cause) {
    throw couldNotRun(`cannot protect the agent's socket: ${messageOf(cause)}`, cause);
  }
}

function serve(
  socket: Socket,
  connections: Map<number, Connection>,
  nowMs: () => number,
  onGreeting: () => void,
): void {
  let rest = '';
  let pid: number | null = null;
  const receive = (line: string): void => {
    const message = JSON.parse(line) as Message;
    if (message.hello !== undefined) {
      pid = message.hello.pid;
      connections.set(pid, { socket, pending: null, latest: null, snapshots: new Map() });
      onGreeting();
      return;
    }
    const connection = pid === null ? undefined : connections.get(pid);
    if (connection === undefined) return;
    if (message.snapshot !== undefined) connection.snapshots.get(message.id ?? 0)?.(message.snapshot.error);
    if (message.reading === undefined) return;
    if (message.id === connection.pending) connection.pending = null;
    connection.latest = { reading: message.reading, atMs: nowMs() };
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    try {
      if (rest.length > MAX_LINE_LENGTH) throw new RangeError('line too long');
      for (const line of lines) receive(line);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    const connection = pid === null ? undefined : connections.get(pid);
    if (pid === null || connection?.socket !== socket) return;
    connections.delete(pid);
    for (const answer of connection.snapshots.values()) answer('the process ended meanwhile');
  });
}

async function takeSnapshot(
  connection: Connection | undefined,
  id: number,
  wanted: WantedSnapshot,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (connection === undefined) throw couldNotRun('no agent in this process takes heap snapshots');
  const { snapshots, socket } = connection;
  let stopWaiting = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      stopWaiting = () => reject(signal.reason);
      signal.addEventListener('abort', stopWaiting, { once: true });
      snapshots.set(id, (error) =>
        error === null ? resolve() : reject(couldNotRun(`the target wrote no heap snapshot: ${error}`)),
      );
      socket.write(`${JSON.stringify({ id, ...wanted })}\n`);
    });
  } finally {
    signal.removeEventListener('abort', stopWaiting);
    snapshots.delete(id);
  }
}

function waitFor(condition: () => boolean, wakers: Set<() => void>, timeoutMs: number): Promise<boolean> {
  if (condition()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (outcome: boolean): void => {
      clearTimeout(timer);
      wakers.delete(check);
      resolve(outcome);
    };
    const check = (): void => {
      if (condition()) finish(true);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    wakers.add(check);
  });
}

/** The compiled preload beside this module; from TypeScript sources (unit tests) the one in `dist/`. */
function preloadPath(): string {
  const here = fileURLToPath(new URL('./preload.cjs', import.meta.url));
  return existsSync(here) ? here : here.replace('/harness/agent/', '/dist/harness/agent/');
}

/** NODE_OPTIONS splits at spaces unless quoted; backslashes and quotes inside quotes are escaped. */
function quoteForNodeOptions(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}
