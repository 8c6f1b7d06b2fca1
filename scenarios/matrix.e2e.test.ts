import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cli, temporaryFolder } from '../harness/commands/fixtures/cli.js';
import { type RowResult, rowName } from '../harness/core/matrix.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

// One row of each way to be found: a metric, a finding of the load, a level. All of them are `self-test --quick`.
const ROWS = ['debug-log', 'tcp-storm/worker-death', 'delegated-flood/per-query-clients'];

test('self-test finds the fixed node sound, and each fault by the sign that its catalogue names', {
  timeout: 300_000,
}, async () => {
  const junit = join(folder.path, 'rows.xml');
  const only = ROWS.flatMap((row) => ['--only', row]);
  const out = join(folder.path, 'runs');
  const { status, stdout, lastLine } = await cli([
    'self-test',
    '--quick',
    ...only,
    '--json',
    '--junit',
    junit,
    '--out',
    out,
  ]);
  const results = JSON.parse(stdout) as RowResult[];
  expect(results.map(({ row, asDeclared }) => [rowName(row), asDeclared])).toEqual([
    ['tcp-storm/worker-death', true],
    ['delegated-flood/per-query-clients', true],
    ['debug-log', true],
    ['debug-log/debug-log', true],
  ]);
  expect(results.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^answers-missing: only [\d.]+ % of/),
    expect.stringMatching(/^level-exceeded: open descriptors stand at \d+/),
    'passes',
    expect.stringMatching(/^what was written to storage rises/),
  ]);
  expect(readFileSync(junit, 'utf8')).toMatch(/<testsuites tests="4" failures="0" errors="0">/);
  expect(status).toBe(0);
  expect(lastLine).toBe(`leak-soak: verdict=pass exit=0 dir=${out}`);
});

test('self-test refuses a row that there is not, and names those there are', async () => {
  const { status, stderr } = await cli(['self-test', '--only', 'udp-flod']);
  expect(status).toBe(4);
  expect(stderr).toMatch(/--only udp-flod is no row of the matrix.*udp-flood\/dns-cache-names/);
});
