/** Heap readings from a Node process without our preload in it, through its inspector (Chrome DevTools protocol). */
import { get } from 'node:http';
import { couldNotRun, messageOf } from '../core/errors.js';
import type { HeapReading, TimedHeapReading } from '../core/heap-reading.js';
import { type SnapshotFile, writeSnapshot } from './inspector-snapshot.js';
import { openTextSocket } from './text-socket.js';

/** A connection to the inspector of one process; asks as the agent's client does. */
export interface InspectorClient {
  /** Asks for a reading and does not wait. Ignored while an earlier question is unanswered. */
  ask(collect: boolean): void;
  /** The last answer; null before the first. */
  latest(): TimedHeapReading | null;
  /** Writes a heap snapshot to a file; otherwise as the agent's client does. */
  snapshot(path: string, signal: AbortSignal): Promise<void>;
  /** Ends the connection; with `closeInspector` the process stops listening for inspectors as well. */
  close(closeInspector: boolean): void;
}

const CONNECT_TIMEOUT_MS = 3_000;

/** Time for our connection to end before the inspector does, which waits for it with the process standing still. */
const CLOSE_DELAY_MS = 200;

/** `require` is there for the console of an inspector, in modules of either kind. */
const CONSOLE = { includeCommandLineAPI: true, returnByValue: true } as const;

/** What the agent reads, evaluated inside the process; every name is its own, nothing is kept. */
const READ = `(() => {
  const memory = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const count = (pattern) => resources.filter((type) => pattern.test(type)).length;
  const [timers, tcpHandles, udpHandles] = [/^(Timeout|Immediate)$/, /^TCP/, /^UDP/].map(count);
  return {
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    heapPhysicalBytes: require('node:v8').getHeapStatistics().total_physical_size,
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
    handles: resources.length,
    timers,
    tcpHandles,
    udpHandles,
    otherHandles: resources.length - timers - tcpHandles - udpHandles,
  };
})()`;

/** `require` is there only while the evaluation lasts: a timer that calls it would end the process. */
const CLOSE = `{
  const inspector = require('node:inspector');
  setTimeout(() => inspector.close(), ${CLOSE_DELAY_MS}).unref();
}`;

/** What only our preload can tell. */
const NOT_TOLD = { majorGcs: null, eventLoopDelayP99Ms: null, collectionMs: null } as const;

type RemoteReading = Omit<HeapReading, 'liveHeapBytes' | keyof typeof NOT_TOLD>;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string };
  readonly error?: { readonly message: string };
  readonly result?: { readonly result?: { readonly value?: RemoteReading } };
}

/** Connects to the inspector on a port of this machine. Throws `could-not-run` when it does not answer as one. */
export async function connectToInspector(port: number, nowMs: () => number): Promise<InspectorClient> {
  let nextId = 1;
  let pending: { readonly id: number; readonly collected: boolean } | null = null;
  let latest: TimedHeapReading | null = null;

  let snapshot: SnapshotFile | null = null;

  const onText = (text: string): void => {
    const { id, result, method, params, error } = JSON.parse(text) as Answer;
    if (method === 'HeapProfiler.addHeapSnapshotChunk') snapshot?.write(params?.chunk ?? '');
    if (snapshot !== null && id === snapshot.id) snapshot.end(error?.message ?? null);
    if (pending === null || id !== pending.id) return;
    const { collected } = pending;
    pending = null;
    const read = result?.result?.value;
    if (read === undefined) return;
    const liveHeapBytes = collected ? read.heapUsedBytes : null;
    latest = { reading: { ...read, liveHeapBytes, ...NOT_TOLD }, atMs: nowMs() };
  };
  let open = true;
  const onClosed = (): void => {
    open = false;
    snapshot?.end('its inspector closed the connection meanwhile');
  };
  const socket = await connect(port, { onText, onClosed });
  const call = (method: string, params: object = {}): number => {
    const id = nextId++;
    if (open) socket.send(JSON.stringify({ id, method, params }));
    return id;
  };

  return {
    ask(collect) {
      if (pending !== null) return;
      if (collect) call('HeapProfiler.collectGarbage');
      pending = { id: call('Runtime.evaluate', { ...CONSOLE, expression: READ }), collected: collect };
    },
    latest: () => latest,
    async snapshot(path, signal) {
      signal.throwIfAborted();
      if (!open) throw couldNotRun('the inspector of the target has closed the connection');
      call('HeapProfiler.collectGarbage');
      const id = call('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
      try {
        await new Promise<void>((resolve, reject) => {
          snapshot = writeSnapshot(id, path, resolve, reject);
          signal.addEventListener('abort', () => snapshot?.end('interrupted'), { once: true });
        });
      } finally {
        snapshot = null;
        signal.throwIfAborted();
      }
    },
    close(closeInspector) {
      if (closeInspector) call('Runtime.evaluate', { ...CONSOLE, expression: CLOSE });
      socket.close();
    },
  };
}

async function connect(
  port: number,
  events: Parameters<typeof openTextSocket>[1],
): ReturnType<typeof openTextSocket> {
  try {
    const [target] = JSON.parse(await page(`http://127.0.0.1:${port}/json/list`)) as {
      webSocketDebuggerUrl?: string;
    }[];
    if (target?.webSocketDebuggerUrl === undefined) throw new Error('it lists nothing to connect to');
    return await openTextSocket(target.webSocketDebuggerUrl, events, CONNECT_TIMEOUT_MS);
  } catch (cause) {
    throw couldNotRun(`cannot connect to the inspector on port ${port}: ${messageOf(cause)}`, cause);
  }
}

function page(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve(text));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}
