/**
 * `npm run bench:heap -- [--only medium|large] [--rounds 3] [--folder DIR]`: what it takes to compare three heap
 * snapshots, and what memlab takes for the same ones in the same run, where it is installed. The snapshots are made
 * once and kept in a folder that is given; the largest of them takes a process of 6 GB to make.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyseGrowth } from '../harness/heap/analyse-growth.js';
import type { ProcessUsage } from '../harness/heap/ask-process.js';
import { findMemlab, runMemlab } from '../harness/heap/memlab/run-memlab.js';
import { renderTable } from '../reports/table.js';
import { chosen, scriptArguments, wholeNumber } from './script-arguments.js';

/** Records in each of the three, and what comparing them may take: wall time, and memory of the process. */
const SETS = {
  medium: { records: [20_000, 128_000, 448_000], wallMs: 2800, rssBytes: 530e6 },
  large: { records: [128_000, 448_000, 1_144_000], wallMs: 8000, rssBytes: 1.3e9 },
} as const;
type SetName = keyof typeof SETS;

interface Cost extends ProcessUsage {
  readonly wallMs: number;
}

const USAGE = 'usage: npm run bench:heap -- [--only medium|large] [--rounds 3] [--folder DIR]';
const values = scriptArguments(USAGE, {
  only: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  folder: { type: 'string' },
});
const rounds = wholeNumber('rounds', values.rounds);
const names = chosen(values.only, Object.keys(SETS) as SetName[]);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'leak-soak-bench-heap-'));
mkdirSync(folder, { recursive: true });
try {
  const rows: string[][] = [];
  for (const name of names) rows.push(...(await measure(name)));
  const headings = [
    'set',
    'last file',
    'engine',
    'wall',
    'CPU',
    'peak RSS',
    'times slower',
    'times larger',
    'bar',
  ];
  const columns = headings.map((heading) => ({ heading, align: 'left' as const }));
  const table = renderTable(
    columns,
    rows.map((row) => row.map((text) => ({ text }))),
  );
  const busy = `load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} CPUs: above 1 a CPU, wall times say little`;
  process.stdout.write(`${table.join('\n')}\n${busy}\n`);
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

async function measure(name: SetName): Promise<string[][]> {
  const { records, wallMs, rssBytes } = SETS[name];
  const files = makeSnapshots(records);
  const size = `${Math.round(statSync(files[2] as string).size / 1e6)} MB`;
  const own = await fastest(rounds, () => analyseGrowth(files));
  const isWithin = own.wallMs <= wallMs && own.peakRssBytes <= rssBytes;
  const rows = [[name, size, 'own', ...costCells(own), '1', '1', isWithin ? 'kept' : 'MISSED']];
  if (findMemlab() === null)
    return [...rows, [name, size, 'memlab', 'skipped: @memlab/core is not installed']];
  const memlab = await fastest(1, () => runMemlab(files));
  const slower = memlab.cpuMs / own.cpuMs;
  const larger = memlab.peakRssBytes / own.peakRssBytes;
  const bar = slower >= 5 && larger >= 3 ? 'kept' : 'MISSED';
  return [...rows, [name, size, 'memlab', ...costCells(memlab), slower.toFixed(1), larger.toFixed(1), bar]];
}

function makeSnapshots(records: readonly number[]): readonly string[] {
  const files = records.map((count) => join(folder, `${count}.heapsnapshot`));
  if (files.every((file) => existsSync(file))) return files;
  const program = fileURLToPath(new URL('./heap-bench/records.js', import.meta.url));
  const args = ['--max-old-space-size=8192', program, folder, ...records.map(String)];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
  return files;
}

/** The fastest round: what others do on the machine only adds. */
async function fastest(times: number, work: () => Promise<{ readonly usage: ProcessUsage }>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < times; round++) {
    const startMs = performance.now();
    const { usage } = await work();
    costs.push({ ...usage, wallMs: performance.now() - startMs });
  }
  return costs.reduce((best, cost) => (cost.wallMs < best.wallMs ? cost : best));
}

function costCells({ wallMs, cpuMs, peakRssBytes }: Cost): string[] {
  return [
    `${(wallMs / 1000).toFixed(2)} s`,
    `${(cpuMs / 1000).toFixed(2)} s`,
    `${Math.round(peakRssBytes / 1e6)} MB`,
  ];
}
