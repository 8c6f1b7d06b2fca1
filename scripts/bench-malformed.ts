/**
 * A million packets that are no proper queries, at the built-in node: `npm run bench:malformed -- [--packets 1000000]
 * [--rate 5000] [--seed 1]`.
 *
 * They are generated and mutated from the seed, one in fifty goes over TCP, and honest questions come with them. Ends 0
 * when the node, with 512 MB of heap and a cache that is soon full, has received as many and
 *
 * - lives: the same process, which ends with code 0 when it is told to;
 * - caught no error of its own on the way of a query, each of which would be a crash without its guard;
 * - answered at least 99 % of the honest questions, none of them wrongly;
 * - has a flat live heap: at most 2 MiB more than after the first tenth.
 */
import type { LoadSummary } from '../harness/core/load-counters.js';
import type { MixPlan } from '../harness/load/plan.js';
import { FLOOD, startLoadedNode } from './node/loaded-node.js';
import { scriptArguments, wholeNumber } from './script-arguments.js';

const values = scriptArguments(
  'usage: npm run bench:malformed -- [--packets 1000000] [--rate 5000] [--seed 1]',
  {
    packets: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
);
const packets = wholeNumber('packets', values.packets);
const ratePerSec = wholeNumber('rate', values.rate);
const seed = wholeNumber('seed', values.seed);

const MIB = 2 ** 20;
const HONEST_PER_SEC = 100;
const HONEST_BAR = 0.99;
const HEAP_BAR = 2 * MIB;
const FIRST_SHARE = 0.1;
const SLICE_SEC = 5;

/** Each slice of the load has packets of its own. */
const mix = (slice: number): MixPlan => ({
  kind: 'mix',
  ratePerSec: ratePerSec + HONEST_PER_SEC,
  timeoutMs: FLOOD.timeoutMs,
  seed,
  parts: [
    {
      kind: 'dns-malformed',
      ratePerSec,
      seed: seed + slice,
      zone: FLOOD.zone,
      timeoutMs: FLOOD.timeoutMs,
      upstream: null,
    },
    { ...FLOOD, io: 'dgram', ratePerSec: HONEST_PER_SEC, seed: seed + slice },
  ],
  upstream: null,
});

const { node, run, close } = await startLoadedNode(['cache_max_memory_mb = 0.1'], {
  flags: ['--max-old-space-size=512'],
});
try {
  const startMs = performance.now();
  const total = { offered: 0, wrong: 0, timeouts: 0 };
  let slices = 0;
  const sendUntil = async (least: number): Promise<void> => {
    while ((await received()) < least) add(await run(mix(slices++), SLICE_SEC));
  };
  const add = ({ offered, wrong, timeouts }: LoadSummary): void => {
    total.offered += offered;
    total.wrong += wrong;
    total.timeouts += timeouts;
  };
  await sendUntil(FIRST_SHARE * packets);
  const heapBefore = await node.liveHeapBytes();
  await sendUntil(packets);
  const heapGrowth = (await node.liveHeapBytes()) - heapBefore;
  const { internalErrors = Number.NaN, dropped, rejected } = await node.counters();
  const honest = slices * SLICE_SEC * HONEST_PER_SEC;
  const count = await received();
  const tookSec = (performance.now() - startMs) / 1000;
  const { code } = await node.stop();
  console.log(
    `${count} packets received of ${total.offered} sent in ${tookSec.toFixed(0)} s: ${dropped} dropped, ${rejected} refused`,
  );
  const bars = [
    bar(code === 0, `alive, and ended with code ${code}`),
    bar(internalErrors === 0, `${internalErrors} errors caught`),
    bar(
      total.wrong === 0 && total.timeouts <= (1 - HONEST_BAR) * honest,
      `${total.timeouts} of ${honest} honest questions unanswered, ${total.wrong} answered wrongly`,
    ),
    bar(
      heapGrowth <= HEAP_BAR,
      `live heap ${(heapGrowth / MIB).toFixed(2)} MiB more than after the first tenth`,
    ),
  ];
  process.exitCode = bars.every(Boolean) ? 0 : 1;
} finally {
  await close();
}

async function received(): Promise<number> {
  return (await node.counters()).received ?? 0;
}

function bar(reached: boolean, text: string): boolean {
  console.log(`  bar: ${text}: ${reached ? 'reached' : 'MISSED'}`);
  return reached;
}
