/**
 * `npm run bench:sampler [-- --ticks N] [--paced SECONDS]`: CPU of the rig per probe and per tick, beside pidusage
 * in the same run, on a server of its own with a few sockets.
 *
 * The loop has no pauses, so code and kernel caches are warm; `--paced` reads once a second, as a run does, and
 * both samplers pay for waking up. Probes on a ration cost a tick their share of the time, whatever one reading takes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openDescriptorProbe } from '../harness/sampling/descriptors.js';
import { fdCounter } from '../harness/sampling/fd-count.js';
import { openIoProbe } from '../harness/sampling/io.js';
import { openMemoryProbe } from '../harness/sampling/memory-rollup.js';
import { openPidusageSource } from '../harness/sampling/pidusage-source.js';
import { followTree } from '../harness/sampling/process-tree.js';
import { openProcSource } from '../harness/sampling/procfs.js';
import { openTargetSource } from '../harness/sampling/target-source.js';
import { formatTable } from './traces/table.js';

const SERVER = `
  const udp = require('dgram').createSocket('udp4').bind(0, '127.0.0.1');
  const tcp = require('net').createServer().listen(0, '127.0.0.1', () => process.send('up'));
  process.on('disconnect', () => process.exit());`;

/** What may be read of the server, each by itself. The rationed ones are forced: their time stands still. */
function probesOf(pid: number): Readonly<Record<string, () => unknown>> {
  const own = openProcSource(pid);
  const io = openIoProbe(pid);
  const tree = followTree(pid);
  const countFds = fdCounter();
  const alone = { rssBytes: 1, fds: 1, threads: 1, cpuMs: 1, childrenCpuMs: 0 };
  const memory = openMemoryProbe(pid, true, () => 0);
  const descriptors = openDescriptorProbe(pid, true, () => 0);
  return {
    'stat and descriptor count': () => own.read(),
    'descriptor count alone': () => countFds(pid),
    'bytes written': () => io.read(),
    'descendants (none)': () => tree.read(alone),
    'PSS, one reading': () => memory.read(1, true),
    'descriptors by kind, one census': () => descriptors.read(countFds(pid), true),
  };
}

/** Repetitions of the probes that take a good part of a millisecond or more. */
const FEW = 200;
const COSTLY = /one (reading|census)/;

/** Mean CPU of one call in microseconds, after a warm-up. */
async function costUs(times: number, read: () => unknown): Promise<number> {
  for (let i = 0; i < times / 10; i++) await read();
  const start = process.cpuUsage();
  for (let i = 0; i < times; i++) await read();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / times;
}

/** CPU of each reading at 1 Hz, both within the same seconds and half a second apart. */
async function pacedUs(seconds: number, readers: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const costs: number[][] = readers.map(() => []);
  for (let second = 0; second < seconds; second++) {
    for (const [i, read] of readers.entries()) {
      await delay(1000 / readers.length);
      const start = process.cpuUsage();
      await read();
      const { user, system } = process.cpuUsage(start);
      costs[i]?.push(user + system);
    }
  }
  return costs;
}

function meanAndMedian(costs: readonly number[]): string {
  const sorted = [...costs].sort((a, b) => a - b);
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  return `${mean.toFixed(0)} (median ${sorted[Math.floor(sorted.length / 2)]})`;
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { ticks: { type: 'string', default: '10000' }, paced: { type: 'string', default: '0' } },
  });
  const [ticks, seconds] = [Number(values.ticks), Number(values.paced)];
  const server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(server, 'message');
  const pid = server.pid as number;
  try {
    const rows: string[][] = [];
    for (const [name, read] of Object.entries(probesOf(pid))) {
      rows.push([name, (await costUs(COSTLY.test(name) ? FEW : ticks, read)).toFixed(1)]);
    }
    const target = openTargetSource('proc', pid);
    const portable = openPidusageSource(pid);
    const readTarget = (): Promise<unknown> => target.read(false);
    const readPortable = (): Promise<unknown> => portable.read();
    rows.push(['a whole tick of ours', (await costUs(ticks, readTarget)).toFixed(1)]);
    rows.push(['pidusage (RSS and CPU only)', (await costUs(ticks, readPortable)).toFixed(1)]);
    if (seconds > 0) {
      const paced = openTargetSource('proc', pid);
      await paced.read(true);
      const [ours = [], theirs = []] = await pacedUs(seconds, [() => paced.read(false), readPortable]);
      rows.push([`ours at 1 Hz, ${seconds} s`, meanAndMedian(ours)]);
      rows.push([`pidusage at 1 Hz, ${seconds} s`, meanAndMedian(theirs)]);
      paced.close();
    }
    console.log(formatTable([['probe', 'CPU µs'], ...rows]));
    target.close();
    portable.close();
  } finally {
    server.disconnect();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
