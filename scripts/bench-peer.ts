/**
 * What the built-in node takes from its peers: `npm run bench:peer -- [--frames 1000000] [--kills 50] [--seed 1] [--only PART]
 * [--fault ID]`.
 *
 * - `hostile`: a million hellos and frames that are broken, generated and changed from the seed, from many addresses of this
 *   machine, at a node with a chain and small limits, while honest peers ask it. It lives and ends with code 0, has caught
 *   no error of its own, answered at least 99 % of the honest questions and none of them wrongly; its live heap is at most
 *   2 MiB more than after the first tenth, and its descriptors are as many as before, within 5.
 * - `kills`: a node that syncs a chain is ended by SIGKILL fifty times at moments drawn from the seed, and starts again in
 *   the same folder each time; it ends at full height, with the same last block.
 * - `stop`: SIGTERM in the middle of the load of scenario `block-burst`, ten times: exit code 0 within 2 s each time.
 *
 * Ends 0 when every bar is reached. With `--fault` the node of `hostile` has that leak, which shows that a bar can be missed.
 */
import { attackNode } from './peer/attacked-node.js';
import { killInMidSync } from './peer/killed-node.js';
import { IN_BURST_MESSAGES, type Stop, stopInBurst } from './peer/stopped-node.js';
import { chosen, scriptArguments, wholeNumber } from './script-arguments.js';

const PARTS = ['hostile', 'kills', 'stop'] as const;
const values = scriptArguments(
  `usage: npm run bench:peer -- [--frames 1000000] [--kills 50] [--seed 1] [--only ${PARTS.join('|')}] [--fault ID]`,
  {
    frames: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    fault: { type: 'string' },
  },
);
const frames = wholeNumber('frames', values.frames);
const kills = wholeNumber('kills', values.kills);
const seed = wholeNumber('seed', values.seed);
const parts = chosen(values.only, PARTS);

const MIB = 2 ** 20;
const HONEST_BAR = 0.99;
const HEAP_BAR = 2 * MIB;
const FDS_BAR = 5;
const STOPS = 10;
const STOP_BAR_MS = 2000;

const bars: boolean[] = [];
if (parts.includes('hostile')) await hostile();
if (parts.includes('kills')) await killed();
if (parts.includes('stop')) await stopped();
process.exitCode = bars.every(Boolean) ? 0 : 1;

async function hostile(): Promise<void> {
  const {
    sent,
    service,
    counters,
    internalErrors,
    heapBefore,
    heapAfter,
    fdsBefore,
    fdsAfter,
    code,
    tookSec,
  } = await attackNode(frames, seed, values.fault === undefined ? [] : ['--fault', values.fault]);
  const { accepted, refused, evicted, messages, garbage, bans, blocksAdded, unasked, badBlocks } = counters;
  console.log(
    `${sum(sent.hellos)} hellos and ${sum(sent.frames)} frames sent in ${tookSec.toFixed(0)} s` +
      ` (${sent.failed.refused} connections not taken, ${sent.failed.stalled} held up)`,
  );
  console.log(`  hellos: ${listed(sent.hellos)}`);
  console.log(`  frames: ${listed(sent.frames)}`);
  console.log(
    `  the node: ${accepted} connections taken, ${evicted} of them put out for others, ${refused} refused; ${messages} messages read, ` +
      `${garbage} connections closed over garbage, ${bans} bans, ${unasked} unasked, ${badBlocks} bad blocks, ${blocksAdded} added`,
  );
  const { asked, answered, wrong, calls, callsAnswered } = service;
  bar(code === 0, `alive, and ended with code ${code}`);
  bar(internalErrors === 0, `${internalErrors} errors caught`);
  bar(
    wrong === 0 && answered >= HONEST_BAR * asked,
    `${answered} of ${asked} honest questions answered (${callsAnswered} of ${calls} newcomers), ${wrong} wrongly`,
  );
  bar(
    heapAfter - heapBefore <= HEAP_BAR,
    `live heap ${(heapAfter / MIB).toFixed(2)} MiB, ${((heapAfter - heapBefore) / MIB).toFixed(2)} more than after the first tenth`,
  );
  bar(Math.abs(fdsAfter - fdsBefore) <= FDS_BAR, `${fdsBefore} descriptors before and ${fdsAfter} after`);
}

async function killed(): Promise<void> {
  const { blocks, opened, losses, height, isSameTip, tookSec } = await killInMidSync(kills, seed);
  const inMidSync = opened.filter((at) => at < blocks).length;
  console.log(
    `${blocks} blocks, ${kills} times SIGKILL in ${tookSec.toFixed(0)} s; opened at ${opened.join(', ')}`,
  );
  bar(inMidSync === kills, `${inMidSync} of ${kills} kills in mid-sync`);
  bar(losses === 0, `${losses} times shorter than told before the kill`);
  bar(
    height === blocks && isSameTip,
    `height ${height} of ${blocks}, ${isSameTip ? 'the same' : 'another'} last block`,
  );
}

async function stopped(): Promise<void> {
  const stops: Stop[] = [];
  for (let turn = 0; turn < STOPS; turn++) stops.push(await stopInBurst(seed + turn));
  console.log(
    `SIGTERM in block-burst, messages read before: ${stops.map(({ messages }) => messages).join(', ')}; took ms: ` +
      stops.map(({ tookMs }) => tookMs.toFixed(0)).join(', '),
  );
  const inTime = stops.filter(
    ({ code, tookMs, messages }) => code === 0 && tookMs < STOP_BAR_MS && messages >= IN_BURST_MESSAGES,
  ).length;
  bar(inTime === STOPS, `${inTime} of ${STOPS} times code 0 within 2 s`);
}

function bar(reached: boolean, text: string): void {
  bars.push(reached);
  console.log(`  bar: ${text}: ${reached ? 'reached' : 'MISSED'}`);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
