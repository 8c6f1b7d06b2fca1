/**
 * Minutes until a leak of an exact rate is failed: `npm run bench:ladder -- [--only LABEL] [--parallel 2]`.
 *
 * Each rung is a real server run by the command line with half its rate as budget and the aim as duration; a run
 * that cannot tell extends itself to twice that. Ends 0 when every rung was failed on its metric within its aim.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXACT_LEAKS, type LeakName } from '../harness/commands/self-test/ladder/leaks.js';
import { formatDuration } from '../harness/core/units.js';
import type { MetricVerdict } from '../harness/core/verdict.js';
import { renderTable } from '../reports/table.js';
import { chosen, scriptArguments, wholeNumber } from './script-arguments.js';
import { runServer } from './servers/run-server.js';

const KIB = 1024;
const MIB = KIB * KIB;

interface Rung {
  readonly label: string;
  readonly leak: LeakName;
  readonly perMin: number;
  /** The budget, as a flag takes it. */
  readonly budget: string;
  readonly aimMs: number;
}

const RUNGS: readonly Rung[] = [
  { label: '100MiB', leak: 'heap', perMin: 100 * MIB, budget: 'live-heap=50MiB/min', aimMs: 20_000 },
  { label: '10MiB', leak: 'heap', perMin: 10 * MIB, budget: 'live-heap=5MiB/min', aimMs: 40_000 },
  { label: '1MiB', leak: 'heap', perMin: MIB, budget: 'live-heap=512KiB/min', aimMs: 120_000 },
  { label: '100KiB', leak: 'heap', perMin: 100 * KIB, budget: 'live-heap=50KiB/min', aimMs: 360_000 },
  { label: '10KiB', leak: 'heap', perMin: 10 * KIB, budget: 'live-heap=5KiB/min', aimMs: 2_700_000 },
  { label: '1fd', leak: 'fd', perMin: 1, budget: 'fds=0.5/min', aimMs: 600_000 },
];

/** Time that a run takes beside its load: start, first answer, settle, stop, judge. */
const OVERHEAD_MS = 10_000;

/** Requests per second: a server at work, not at its limit. */
const RATE = 50;

interface Result {
  readonly rung: Rung;
  readonly tookMs: number;
  readonly verdict: string;
  readonly metric: MetricVerdict | undefined;
}

const values = scriptArguments('usage: npm run bench:ladder -- [--only RUNG] [--parallel 2]', {
  only: { type: 'string' },
  parallel: { type: 'string', default: '2' },
});
const wanted = chosen(
  values.only,
  RUNGS.map(({ label }) => label),
);
const queue = RUNGS.filter(({ label }) => wanted.includes(label));
const results: Result[] = [];
const folder = mkdtempSync(join(tmpdir(), 'leak-soak-ladder-'));
try {
  await Promise.all(Array.from({ length: wholeNumber('parallel', values.parallel) }, climb));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

async function climb(): Promise<void> {
  for (let rung = queue.shift(); rung !== undefined; rung = queue.shift()) {
    const startMs = performance.now();
    const verdict = await runServer({
      program: 'ladder',
      server: rung.leak,
      parameter: rung.perMin,
      rate: RATE,
      directory: join(folder, rung.label),
      flags: ['--duration', `${rung.aimMs}ms`, '--cycles', '1', '--max-growth', rung.budget],
    });
    const metric = verdict?.metrics.find(({ metric: name }) => name === EXACT_LEAKS[rung.leak].metric);
    const tookMs = performance.now() - startMs;
    results.push({ rung, tookMs, verdict: verdict?.verdict ?? 'none', metric });
    process.stderr.write(`${rung.label}: ${metric?.reason ?? 'no verdict'}\n`);
  }
}

function report(): void {
  const columns = [
    { heading: 'leak per minute', align: 'left' as const },
    { heading: 'aim', align: 'right' as const },
    { heading: 'took', align: 'right' as const },
    { heading: 'measured', align: 'right' as const },
    { heading: 'verdict', align: 'left' as const },
  ];
  const inOrder = RUNGS.flatMap((rung) => results.filter((result) => result.rung === rung));
  const rows = inOrder.map(({ rung, tookMs, verdict, metric }) => [
    { text: rung.label },
    { text: formatDuration(rung.aimMs) },
    { text: formatDuration(tookMs) },
    { text: share(metric, rung.perMin) },
    { text: metric?.verdict === 'fail' ? verdict : `${verdict} (${metric?.verdict ?? 'no reading'})` },
  ]);
  process.stdout.write(`${renderTable(columns, rows).join('\n')}\n`);
  const reached = inOrder.every(
    ({ rung, tookMs, metric }) => metric?.verdict === 'fail' && tookMs <= rung.aimMs + OVERHEAD_MS,
  );
  process.exitCode = reached ? 0 : 1;
}

/** The growth found, in percent of the true one. */
function share(metric: MetricVerdict | undefined, perMin: number): string {
  if (metric == null || metric.growthPerMin === null || metric.halfWidthPerMin === null) return '-';
  const percent = (value: number): string => ((100 * value) / perMin).toFixed(1);
  return `${percent(metric.growthPerMin)} ± ${percent(metric.halfWidthPerMin)} %`;
}
