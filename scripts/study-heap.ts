/**
 * `npm run study:heap -- [--rounds 3] [--only KIND] [--node PATH]`: every kind of leak behind a real HTTP server,
 * three snapshots each, and whether the structure that leaks is the first culprit; none for the bounded kinds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Culprit } from '../harness/core/culprit.js';
import { analyseGrowth } from '../harness/heap/analyse-growth.js';
import { EXPECTED_CULPRITS } from '../harness/heap/fixtures/expected-culprits.js';
import { leakSnapshots, OPERATIONS } from '../harness/heap/fixtures/leak-snapshots.js';
import { renderTable } from '../reports/table.js';
import { chosen, scriptArguments, wholeNumber } from './script-arguments.js';

const values = scriptArguments('usage: npm run study:heap -- [--rounds 3] [--only KIND] [--node PATH]', {
  rounds: { type: 'string', default: '3' },
  only: { type: 'string' },
  node: { type: 'string', default: process.execPath },
});
const rounds = wholeNumber('rounds', values.rounds);
const kinds = chosen(values.only, Object.keys(EXPECTED_CULPRITS));
const rows: string[][] = [];
let wrong = 0;
for (const kind of kinds) {
  for (let round = 1; round <= rounds; round++) rows.push(await examine(kind, round));
}
const headings = ['kind', 'round', 'first culprit', 'growth per op', 'share', 'id', 'right'];
const columns = headings.map((heading) => ({ heading, align: 'left' as const }));
const table = renderTable(
  columns,
  rows.map((row) => row.map((text) => ({ text }))),
);
process.stdout.write(`${table.join('\n')}\n${rows.length - wrong} of ${rows.length} right\n`);
process.exitCode = wrong === 0 ? 0 : 1;

async function examine(kind: string, round: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leak-soak-study-heap-'));
  try {
    const program = resolve('harness/heap/fixtures/leak-server.mjs');
    const files = await leakSnapshots(kind, folder, { program, node: values.node });
    const { report } = await analyseGrowth(files, { operations: OPERATIONS });
    const [first] = report.culprits.filter(({ artefact }) => !artefact);
    const right = isExpected(kind, first);
    if (!right) wrong++;
    process.stderr.write(`${kind} ${round}: ${right ? 'right' : 'WRONG'}\n`);
    return [kind, String(round), ...cells(first), right ? 'yes' : 'NO'];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isExpected(kind: string, first: Culprit | undefined): boolean {
  const expected = EXPECTED_CULPRITS[kind] ?? null;
  if (expected === null) return first === undefined;
  return first?.name === expected.name && first.className === expected.className;
}

function cells(first: Culprit | undefined): string[] {
  if (first === undefined) return ['none', '', '', ''];
  const { name, className, growthPerOp, share, fingerprint } = first;
  const perOp = `${growthPerOp?.objects.toFixed(2)} objects, ${growthPerOp?.bytes.toFixed(0)} B`;
  return [`${name} (${className})`, perOp, `${Math.round(100 * (share ?? 0))} %`, fingerprint];
}
