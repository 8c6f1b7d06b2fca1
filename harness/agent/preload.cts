/**
 * The agent: a preload inside a Node target (`NODE_OPTIONS=--require …`) that answers the rig's questions
 * about its heap over a Unix socket. No change to the target's code, and nothing left to do once the rig is
 * gone: the socket never holds the process open, and every error ends the conversation silently.
 *
 * Protocol: the rig sends lines `{"id":1,"collect":false}`; the agent greets with `{"hello":{…}}` and answers
 * each line with `{"id":1,"reading":{…}}`. With `collect` it forces a full collection before it reads. A line
 * `{"id":2,"snapshot":"/path"}` has it write a heap snapshot there, which stops the whole process meanwhile, and is
 * answered with `{"id":2,"snapshot":{"error":null}}`. With `"sample":true` allocations are sampled from then on, until
 * a snapshot with `"profile":"/path"`, before which those still alive are written there.
 */
const fs: typeof import('node:fs') = require('node:fs');
const net: typeof import('node:net') = require('node:net');
const perfHooks: typeof import('node:perf_hooks') = require('node:perf_hooks');
const v8: typeof import('node:v8') = require('node:v8');
const vm: typeof import('node:vm') = require('node:vm');
const workerThreads: typeof import('node:worker_threads') = require('node:worker_threads');

/** Set by the rig in the target's environment only. */
const SOCKET_VARIABLE = 'LEAK_SOAK_AGENT';

/** Longest line taken from the rig; more than this is not our protocol. */
const MAX_LINE_LENGTH = 4096;

/** How often the event loop's delay is measured: a timer this long that comes later than it was due. */
const LOOP_RESOLUTION_MS = 20;

const NS_PER_MS = 1e6;

/** Type of an active resource, as `process.getActiveResourcesInfo` names it, to the field that counts it. */
const HANDLE_FIELDS: Readonly<Record<string, 'timers' | 'tcpHandles' | 'udpHandles'>> = {
  Timeout: 'timers',
  Immediate: 'timers',
  TCPSocketWrap: 'tcpHandles',
  TCPServerWrap: 'tcpHandles',
  TCPConnectWrap: 'tcpHandles',
  UDPWrap: 'udpHandles',
  UDPSendWrap: 'udpHandles',
};

/**
 * Mean distance between two sampled allocations: growth of a quarter of a megabyte has eight of them. At a quarter of
 * it the samples themselves were a fifth of the growth of half a megabyte.
 */
const SAMPLING_INTERVAL_BYTES = 32 * 1024;

let majorGcs = 0;

/**
 * How long the last major collection took that the engine has told of: the one before the one just forced. A clock
 * read around that one made live heap move by 90 KiB from reading to reading instead of 6.
 */
let lastMajorMs: number | null = null;
let forceCollection: (() => void) | null = null;

/** The timer behind it is not counted among the target's and does not hold its event loop open. */
const loopDelay = perfHooks.monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });

/** The engine's own full collection, without a command-line flag; the handle is made once and kept. */
function collect(): void {
  if (forceCollection === null) {
    v8.setFlagsFromString('--expose-gc');
    forceCollection = vm.runInNewContext('gc') as () => void;
  }
  forceCollection();
}

/** The delay since the last reading, 99th percentile in milliseconds; null when the loop has not turned since. */
function takeLoopDelay(): number | null {
  const { count } = loopDelay;
  // The histogram holds the time between two ticks of its timer, the interval itself included.
  const lateMs = loopDelay.percentile(99) / NS_PER_MS - LOOP_RESOLUTION_MS;
  loopDelay.reset();
  return count === 0 ? null : Math.max(0, Math.round(lateMs * 10) / 10);
}

function activeHandles(): Record<string, number> {
  const resources = process.getActiveResourcesInfo();
  const counts = { timers: 0, tcpHandles: 0, udpHandles: 0, otherHandles: 0 };
  for (const type of resources) counts[HANDLE_FIELDS[type] ?? 'otherHandles']++;
  return { handles: resources.length, ...counts };
}

function read(collected: boolean): Record<string, unknown> {
  const memory = process.memoryUsage();
  return {
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    heapPhysicalBytes: v8.getHeapStatistics().total_physical_size,
    externalBytes: memory.external,
    arrayBuffersBytes: memory.arrayBuffers,
    liveHeapBytes: collected ? memory.heapUsed : null,
    ...activeHandles(),
    majorGcs,
  };
}

/** A question as the rig asks it. */
interface Request {
  readonly id: number;
  readonly collect: boolean;
  readonly snapshot?: string;
  readonly sample?: boolean;
  readonly profile?: string;
}

/** V8's own sampling heap profiler; null while nothing is sampled. */
let sampling: import('node:inspector').Session | null = null;

/** An engine that was built without its inspector samples nothing, and no profile is written then. */
function startSampling(): void {
  try {
    const inspector: typeof import('node:inspector') = require('node:inspector');
    sampling = new inspector.Session();
    sampling.connect();
    sampling.post('HeapProfiler.startSampling', { samplingInterval: SAMPLING_INTERVAL_BYTES });
  } catch {
    sampling = null;
  }
}

/** Answers of a session in its own process come before `post` returns. */
function stopSampling(path: string): void {
  sampling?.post('HeapProfiler.stopSampling', (error, answer) => {
    if (error === null) fs.writeFileSync(path, JSON.stringify(answer.profile), { mode: 0o600 });
  });
}

/** Null when the file is complete, else why it is not. */
function writeSnapshot(path: string, { sample, profile }: Request): string | null {
  loopDelay.disable();
  try {
    collect();
    if (profile !== undefined) stopSampling(profile);
    // Before the snapshot: what sampling itself takes must not look like growth.
    if (sample === true) startSampling();
    v8.writeHeapSnapshot(path);
    if (profile !== undefined) {
      // Not before: with its session V8 forgets the ids by which objects are known from one snapshot to the next.
      sampling?.disconnect();
      sampling = null;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    loopDelay.enable();
  }
}

function answer(line: string): string {
  const request = JSON.parse(line) as Request;
  if (request.snapshot !== undefined) {
    const error = writeSnapshot(request.snapshot, request);
    return `${JSON.stringify({ id: request.id, snapshot: { error } })}\n`;
  }
  const eventLoopDelayP99Ms = takeLoopDelay();
  if (request.collect) {
    // A collection that the rig forces is no delay of the target's own: the clock is stopped meanwhile.
    loopDelay.disable();
    collect();
    loopDelay.enable();
  }
  const collectionMs = request.collect ? lastMajorMs : null;
  const reading = { ...read(request.collect), collectionMs, eventLoopDelayP99Ms };
  return `${JSON.stringify({ id: request.id, reading })}\n`;
}

function countMajorCollections(): void {
  const major = perfHooks.constants.NODE_PERFORMANCE_GC_MAJOR;
  new perfHooks.PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as { detail?: { kind?: number } };
      if (detail?.kind !== major) continue;
      majorGcs++;
      lastMajorMs = entry.duration;
    }
  }).observe({ entryTypes: ['gc'] });
}

function connect(path: string): void {
  const socket = net.connect(path);
  let rest = '';
  socket.unref();
  socket.setEncoding('utf8');
  socket.once('connect', () => {
    socket.write(`${JSON.stringify({ hello: { pid: process.pid, node: process.version } })}\n`);
  });
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    try {
      if (rest.length > MAX_LINE_LENGTH) throw new RangeError('line too long');
      for (const line of lines) socket.write(answer(line));
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
}

const socketPath = process.env[SOCKET_VARIABLE];
if (socketPath !== undefined && socketPath !== '' && workerThreads.isMainThread) {
  countMajorCollections();
  loopDelay.enable();
  connect(socketPath);
}
