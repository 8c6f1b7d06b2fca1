/**
 * Runs real Node servers, leaking and not, through the command line and counts right and wrong verdicts:
 * `npm run study:servers -- [--rounds 6] [--duration 60s] [--parallel 2] [--only NAME] [--keep DIR]`.
 *
 * Ends 0 only when no clean server failed, no leaking one passed, and at most a tenth was inconclusive.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDuration } from '../harness/core/units.js';
import type { RunVerdict } from '../harness/core/verdict.js';
import { renderTable } from '../reports/table.js';
import { chosen, scriptArguments, wholeNumber } from './script-arguments.js';
import { BEHAVIOURS } from './servers/behaviours.js';
import { runServer } from './servers/run-server.js';

/** Requests per second; a leak of 100 bytes a request is then some 0.9 MiB/min. */
const RATE = 150;

/** Budgets that put every leak well above them. */
const BUDGETS = ['live-heap=0.5MiB/min', 'array-buffers=0.5MiB/min', 'external=0.5MiB/min'];

const MAX_INCONCLUSIVE = 0.1;

interface Outcome {
  readonly server: string;
  readonly verdict: RunVerdict | null;
  readonly right: 'right' | 'inconclusive' | 'false fail' | 'missed' | 'not run';
}

const values = scriptArguments(
  'usage: npm run study:servers -- [--rounds 6] [--duration 60s] [--parallel 2] [--only NAME] [--keep DIR]',
  {
    rounds: { type: 'string', default: '6' },
    duration: { type: 'string', default: '60s' },
    parallel: { type: 'string', default: '2' },
    only: { type: 'string' },
    keep: { type: 'string' },
  },
);
const durationMs = parseDuration(values.duration, { name: '--duration', minMs: 20_000, maxMs: 600_000 });
const names = chosen(values.only, Object.keys(BEHAVIOURS));
const queue = Array.from({ length: wholeNumber('rounds', values.rounds) }, () => names).flat();
const outcomes: Outcome[] = [];
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'leak-soak-study-'));
try {
  await Promise.all(Array.from({ length: wholeNumber('parallel', values.parallel) }, work));
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
report();

async function work(): Promise<void> {
  for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
    const verdict = await runServer({
      program: 'study',
      server,
      parameter: durationMs / 2,
      rate: RATE,
      directory: join(folder, `${server}-${queue.length}`),
      flags: ['--duration', `${durationMs}ms`, ...BUDGETS.flatMap((budget) => ['--max-growth', budget])],
    });
    const outcome = { server, verdict, right: rightness(server, verdict) };
    outcomes.push(outcome);
    process.stderr.write(`${outcomes.length}: ${server}: ${outcome.right}: ${reasonOf(verdict)}\n`);
  }
}

/** A leak counts as found only by the metric that holds it. */
function rightness(server: string, verdict: RunVerdict | null): Outcome['right'] {
  const leaks = BEHAVIOURS[server]?.leaks ?? null;
  if (verdict === null || verdict.verdict === 'error') return 'not run';
  if (verdict.verdict === 'fail') {
    const found = verdict.metrics.some((metric) => metric.metric === leaks && metric.verdict === 'fail');
    return found ? 'right' : 'false fail';
  }
  if (verdict.verdict === 'pass') return leaks === null ? 'right' : 'missed';
  return 'inconclusive';
}

function reasonOf(verdict: RunVerdict | null): string {
  if (verdict === null) return 'no verdict';
  const deciding = verdict.metrics.filter((metric) => metric.decides);
  const said = deciding.find((metric) => metric.verdict === verdict.verdict) ?? deciding[0];
  return said?.reason ?? verdict.findings[0]?.message ?? verdict.verdict;
}

function report(): void {
  const count = (right: Outcome['right'], server?: string): number =>
    outcomes.filter((one) => one.right === right && (server === undefined || one.server === server)).length;
  const kinds = ['right', 'inconclusive', 'false fail', 'missed', 'not run'] as const;
  const columns = [
    { heading: 'server', align: 'left' as const },
    { heading: 'leaks', align: 'left' as const },
    ...kinds.map((heading) => ({ heading, align: 'right' as const })),
  ];
  const rows = names.map((name) => [
    { text: name },
    { text: BEHAVIOURS[name]?.leaks ?? '-' },
    ...kinds.map((kind) => ({ text: String(count(kind, name)) })),
  ]);
  const total = [{ text: 'all' }, { text: '' }, ...kinds.map((kind) => ({ text: String(count(kind)) }))];
  process.stdout.write(`${renderTable(columns, [...rows, total]).join('\n')}\n`);
  const wrong = count('false fail') + count('missed') + count('not run');
  const undecided = count('inconclusive') / Math.max(1, outcomes.length);
  process.exitCode = wrong === 0 && undecided <= MAX_INCONCLUSIVE ? 0 : 1;
}
