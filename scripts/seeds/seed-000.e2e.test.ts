/** The DNS items of seed 000's testing checklist that need a process of the node's own and load from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { DriverPlan } from '../../harness/load/plan.js';
import { FLOOD, type LoadedNode, startLoadedNode } from '../node/loaded-node.js';
import { memoryCeiling } from '../node/memory-ceiling.js';
import type { StartOptions } from '../node/start-node.js';
import type { WatchedNode } from '../node/watched-node.js';

const MIB = 2 ** 20;
const CACHE_MB = 8;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: StartOptions = {}, silent = false): Promise<LoadedNode> {
  const dns = [`cache_max_memory_mb = ${CACHE_MB}`, 'forward_timeout_sec = 2'];
  const loaded = await startLoadedNode(dns, options, silent);
  closing.push(loaded.close);
  return loaded;
}

/** Nobody was told anything wrong, and the node still answers. */
async function expectService(run: LoadedNode['run']): Promise<void> {
  const probe = await run({ ...FLOOD, ratePerSec: 50, seed: 99 }, 1);
  expect(probe.wrong).toBe(0);
  expect(probe.answered).toBeGreaterThan(40);
}

const descriptorsOf = ({ pid }: WatchedNode): number => readdirSync(`/proc/${pid}/fd`).length;
const peakBytes = ({ pid }: WatchedNode): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;

it('Memory usage remains stable under normal load', async () => {
  const { node, run } = await start();
  const usual = { ...FLOOD, ratePerSec: 500, questions: { kind: 'zipf', count: 2000, exponent: 1 } } as const;
  await run(usual, 4);
  const before = await node.liveHeapBytes();
  await run(usual, 6);
  expect((await node.liveHeapBytes()) - before).toBeLessThan(MIB);
  await expectService(run);
});

it('Memory usage remains stable under high load (100,000+ queries)', async () => {
  const { node, run } = await start();
  let answered = 0;
  const heap: number[] = [];
  for (let part = 1; answered < 100_000 && part <= 12; part += 1) {
    answered += (await run({ ...FLOOD, ratePerSec: 8000, seed: part }, 5)).answered;
    heap.push(await node.liveHeapBytes());
  }
  expect(answered).toBeGreaterThan(100_000);
  // The cache, full after the first part, is all that there is; and the last parts add nothing to it.
  expect(Math.max(...heap)).toBeLessThan(1.5 * CACHE_MB * MIB + 30e6);
  expect((heap.at(-1) ?? 0) - (heap[1] ?? 0)).toBeLessThan(2 * MIB);
  await expectService(run);
});

it('TCP server handles high load without memory accumulation', async () => {
  const { node, run } = await start();
  const visits: DriverPlan = {
    ...FLOOD,
    kind: 'dns-tcp',
    mode: 'visit',
    close: 'rst',
    ratePerSec: 1000,
    questions: { kind: 'zipf', count: 500, exponent: 1 },
  };
  await run(visits, 3);
  const [heap, descriptors] = [await node.liveHeapBytes(), descriptorsOf(node)];
  const { answered, wrong } = await run(visits, 6);
  expect(answered).toBeGreaterThan(2000);
  expect(wrong).toBe(0);
  await delay(500);
  expect((await node.liveHeapBytes()) - heap).toBeLessThan(MIB);
  expect(descriptorsOf(node) - descriptors).toBeLessThanOrEqual(5);
});

it('UDP server handles high load without memory accumulation, its upstream silent', async () => {
  const { node, run } = await start({}, true);
  const overload: DriverPlan = { ...FLOOD, ratePerSec: 8000, acceptedRcodes: ['SERVFAIL'] };
  await run(overload, 4);
  const before = await node.liveHeapBytes();
  await run({ ...overload, seed: 2 }, 6);
  expect((await node.liveHeapBytes()) - before).toBeLessThan(4 * MIB);
  const queue = await node.structure('dns-query-queue');
  expect(queue?.entries).toBeLessThanOrEqual(queue?.limit ?? 0);
});

it('No service crashes due to memory exhaustion: a heap of 64 MB is enough for any number of names', async () => {
  const { node, run } = await start({ flags: ['--max-old-space-size=64'] });
  await run({ ...FLOOD, ratePerSec: 8000 }, 8);
  await expectService(run);
  expect((await node.stop()).code).toBe(0);
});

it('No OOM-killer terminations after all fixes: the peak stays far below the 2 GB of the unit', async () => {
  const { node, run } = await start();
  await run({ ...FLOOD, ratePerSec: 8000 }, 8);
  expect(peakBytes(node)).toBeLessThan(400 * MIB);
  expect((await node.stop()).code).toBe(0);
});

it('Systemd memory limits prevent OOM kills: the node lives within one', async ({ skip }) => {
  const ceiling = memoryCeiling(`leak-soak-seed-${process.pid}`, 250 * MIB);
  if (ceiling === null) return skip('no control group can be had here');
  closing.push(() => ceiling.remove());
  const { node, run } = await start({ wrap: ceiling.wrap });
  await run({ ...FLOOD, ratePerSec: 8000 }, 8);
  await expectService(run);
  expect((await node.stop()).code).toBe(0);
});
