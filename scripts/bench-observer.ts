/**
 * What being watched costs a server: `npm run bench:observer -- [--rounds 5] [--seconds 8]`.
 *
 * A plain Node server alone, watched from outside, and watched with the agent at its default cadence, in turn:
 * requests per second under autocannon, then latency at a steady 3 000/s. Medians over the rounds, and of the change
 * against the same round's server alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes } from '../harness/core/units.js';
import { median, sortSamples } from '../harness/stats/sorted-samples.js';
import { renderTable } from '../reports/table.js';
import { type Leg, measureLeg, type Watched } from './observer/leg.js';
import { scriptArguments, wholeNumber } from './script-arguments.js';

const KINDS: readonly Watched[] = ['alone', 'attached', 'with agent'];

const values = scriptArguments('usage: npm run bench:observer -- [--rounds 5] [--seconds 8]', {
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '8' },
});
const rounds = wholeNumber('rounds', values.rounds);
const seconds = wholeNumber('seconds', values.seconds);
const folder = mkdtempSync(join(tmpdir(), 'leak-soak-observer-'));
const legs: Record<Watched, Leg[]> = { alone: [], attached: [], 'with agent': [] };
try {
  for (let round = 0; round < rounds; round++) {
    // Every other round backwards, so that what drifts on the machine does not favour one of them.
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      const leg = await measureLeg(kind, seconds, folder);
      legs[kind].push(leg);
      process.stderr.write(
        `${kind}: ${Math.round(leg.requestsPerSec)}/s, p99 ${leg.p99Ms.toFixed(2)} ms, RSS ${formatBytes(leg.rssBytes)}\n`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

function report(): void {
  const columns = [
    { heading: 'server', align: 'left' as const },
    { heading: 'requests/s', align: 'right' as const },
    { heading: 'p99', align: 'right' as const },
    { heading: 'RSS', align: 'right' as const },
    { heading: 'throughput', align: 'right' as const },
    { heading: 'p99 change', align: 'right' as const },
    { heading: 'RSS change', align: 'right' as const },
  ];
  const rows = KINDS.map((kind) => [
    { text: kind },
    { text: typical(legs[kind].map((leg) => leg.requestsPerSec)).toFixed(0) },
    { text: `${typical(legs[kind].map((leg) => leg.p99Ms)).toFixed(2)} ms` },
    { text: formatBytes(typical(legs[kind].map((leg) => leg.rssBytes))) },
    { text: percent(changes(kind, (leg, alone) => leg.requestsPerSec / alone.requestsPerSec - 1)) },
    { text: percent(changes(kind, (leg, alone) => leg.p99Ms / alone.p99Ms - 1)) },
    { text: formatBytes(changes(kind, (leg, alone) => leg.rssBytes - alone.rssBytes)) },
  ]);
  process.stdout.write(`${renderTable(columns, rows).join('\n')}\n`);
}

/** Median over the rounds of a leg held against the same round's server alone. */
function changes(kind: Watched, change: (leg: Leg, alone: Leg) => number): number {
  return typical(legs[kind].map((leg, round) => change(leg, legs.alone[round] as Leg)));
}

function typical(list: readonly number[]): number {
  const sorted = sortSamples(list);
  return sorted === null ? Number.NaN : median(sorted);
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
}
