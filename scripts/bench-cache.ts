/**
 * The node's cache under a flood of names that come once: `npm run bench:cache -- [--seconds 60] [--rate 20000] [--limit-mb 100]
 * [--port 25463]`. Prints, for names with one address and for fat TXT sets,
 *
 * - accounted bytes beside the growth of the live heap (bar: within 25 %), and the live heap beside the limit (bar: at most
 *   1.5 times the limit and 30 MB);
 * - the 99th percentile of cached look-ups at the limit beside that of the empty cache (bar: 1.5 times);
 * - wrong answers (bar: none).
 *
 * Skipped, visibly, where unbound, which answers for the names, is not installed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadSummary } from '../harness/core/load-counters.js';
import type { DnsUdpFloodPlan } from '../harness/load/plan.js';
import { floodOf, runOwn } from './load-bench/own-driver.js';
import { ADDRESS, findProgram, launchUnbound, ZONE } from './load-bench/unbound.js';
import { startWatchedNode, type WatchedNode } from './node/watched-node.js';
import { scriptArguments, wholeNumber } from './script-arguments.js';

const values = scriptArguments(
  'usage: npm run bench:cache -- [--seconds 60] [--rate 20000] [--limit-mb 100] [--port 25463]',
  {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '20000' },
    'limit-mb': { type: 'string', default: '100' },
    port: { type: 'string', default: '25463' },
  },
);
const seconds = wholeNumber('seconds', values.seconds);
const rate = wholeNumber('rate', values.rate);
const limitMb = wholeNumber('limit-mb', values['limit-mb']);
const port = wholeNumber('port', values.port);

const MIB = 2 ** 20;
/** Names that are asked again and again, and how often in all: little load, so that what is measured is the look-up. */
const HOT: Partial<DnsUdpFloodPlan> = {
  ratePerSec: 2000,
  questions: { kind: 'zipf', count: 1000, exponent: 1 },
};
const HOT_SECONDS = 6;
/** Records of a fat set, each of 200 bytes: some 3 KB, which still fit a datagram. */
const FAT_RECORDS = 14;
const FAT_NAMES = 60_000;
const FAT_RATE = 2000;

const unbound = findProgram('unbound');
if (unbound === null) console.log('skipped: this benchmark needs unbound (apt install unbound)');
else await bench(unbound);

async function bench(program: string): Promise<void> {
  const text = 'x'.repeat(200);
  const authority = await launchUnbound(program, port, [
    'max-udp-size: 4096',
    'edns-buffer-size: 4096',
    `local-zone: "${ZONE}." redirect`,
    `local-data: "${ZONE}. 3600 IN A ${ADDRESS}"`,
    ...Array.from({ length: FAT_RECORDS }, (_, i) => `local-data: '${ZONE}. 3600 IN TXT "${i}${text}"'`),
  ]);
  try {
    await slimNames();
    await fatSets();
  } finally {
    await authority.close();
  }
}

async function slimNames(): Promise<void> {
  const node = await openNode();
  try {
    await load(node, HOT, 2);
    const empty = await load(node, HOT, HOT_SECONDS);
    const before = await sizesOf(node);
    const flood = await load(node, { ratePerSec: rate }, seconds);
    reportSizes('names with one address', before, await sizesOf(node));
    await load(node, HOT, 2);
    const full = await load(node, HOT, HOT_SECONDS);
    const answered = Math.round(flood.answered / seconds);
    console.log(`flood: ${rate}/s intended, ${answered}/s answered, ${flood.timeouts} timed out`);
    const [emptyMs, fullMs] = [empty.latencyMs.p99 ?? Number.NaN, full.latencyMs.p99 ?? Number.NaN];
    console.log(`cached look-ups, p99: ${emptyMs} ms with an empty cache, ${fullMs} ms at the limit`);
    console.log(bar(fullMs <= 1.5 * emptyMs, 'at most 1.5 times'));
    console.log(bar(flood.wrong + full.wrong + empty.wrong === 0, 'no wrong answer'));
  } finally {
    await node.stop();
  }
}

async function fatSets(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cache-'));
  const path = join(folder, 'queries');
  writeFileSync(path, Array.from({ length: FAT_NAMES }, (_, i) => `fat${i}.${ZONE} TXT\n`).join(''));
  const node = await openNode();
  try {
    await load(node, HOT, 2);
    const before = await sizesOf(node);
    const plan: Partial<DnsUdpFloodPlan> = {
      ratePerSec: FAT_RATE,
      questions: { kind: 'queries', path },
      answers: 'any-data',
    };
    await load(node, plan, Math.min(seconds, Math.floor(FAT_NAMES / FAT_RATE)));
    reportSizes(`sets of ${FAT_RECORDS} TXT records`, before, await sizesOf(node));
  } finally {
    await node.stop();
    rmSync(folder, { recursive: true });
  }
}

function openNode(): Promise<WatchedNode> {
  return startWatchedNode(`[dns]\nforwarders = ["127.0.0.1:${port}"]\ncache_max_memory_mb = ${limitMb}\n`);
}

async function load(
  node: WatchedNode,
  plan: Partial<DnsUdpFloodPlan>,
  forSeconds: number,
): Promise<LoadSummary> {
  return (await runOwn(floodOf({ io: 'mmsg', ...plan }), { dns: node.dns }, forSeconds)).summary;
}

interface Sizes {
  readonly heapBytes: number;
  readonly accountedBytes: number;
  readonly entries: number;
}

async function sizesOf(node: WatchedNode): Promise<Sizes> {
  const cache = await node.structure('dns-cache');
  return {
    heapBytes: await node.liveHeapBytes(),
    accountedBytes: cache?.bytes ?? Number.NaN,
    entries: cache?.entries ?? Number.NaN,
  };
}

function reportSizes(what: string, before: Sizes, after: Sizes): void {
  const accounted = after.accountedBytes - before.accountedBytes;
  const grown = after.heapBytes - before.heapBytes;
  const share = accounted / grown;
  console.log(
    `${what}: ${after.entries} entries, ${mib(accounted)} MiB accounted, live heap + ${mib(grown)} MiB`,
  );
  console.log(bar(share >= 0.75 && share <= 1.25, `within 25 % (${(share * 100).toFixed(0)} %)`));
  const most = limitMb * MIB * 1.5 + 30e6;
  console.log(bar(after.heapBytes <= most, `live heap ${mib(after.heapBytes)} of at most ${mib(most)} MiB`));
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

function bar(reached: boolean, text: string): string {
  return `  bar: ${text}: ${reached ? 'reached' : 'MISSED'}`;
}
