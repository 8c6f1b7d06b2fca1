import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SAMPLE_COLUMNS, type Sample } from '../../core/sample.js';
import { csvParts } from './csv-parts.js';
import { openRotatedCsv } from './rotated-csv.js';
import { openRunDirectory, readSamples } from './run-directory.js';
import { makeRunFolder } from './run-folder.js';

const root = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function folder(): string {
  return makeRunFolder(join(root, String(folders++)), false);
}

const NOTHING_READ = Object.fromEntries(SAMPLE_COLUMNS.map(([, field]) => [field, null]));
function sample(n: number, gauges: Sample['gauges'] = {}): Sample {
  return {
    ...(NOTHING_READ as unknown as Sample),
    timestamp: '2026-01-01T00:00:00.000Z',
    elapsedMs: n,
    phase: 'steady',
    missedTicks: 0,
    pid: 42,
    rssBytes: 1000 + n,
    gauges,
  };
}

test('full parts are numbered, the current one keeps its name, and no row is cut', () => {
  const path = folder();
  const csv = openRotatedCsv(path, 'x.csv', 'h\n', 8);
  for (const row of ['11\n', '22\n', '33\n', '44\n', '55\n']) csv.append(row);
  csv.close();
  expect(csvParts(path, 'x.csv')).toEqual(['x-1.csv', 'x-2.csv', 'x.csv']);
  const text = (name: string): string => readFileSync(join(path, name), 'utf8');
  expect(csvParts(path, 'x.csv').map(text)).toEqual(['h\n11\n22\n', 'h\n33\n44\n', 'h\n55\n']);
  expect(statSync(join(path, 'x.csv')).mode & 0o777).toBe(0o600);
});

test('a row larger than a part is written all the same', () => {
  const path = folder();
  const csv = openRotatedCsv(path, 'x.csv', 'h\n', 4);
  csv.append('1234567890\n');
  csv.append('2\n');
  csv.close();
  expect(csvParts(path, 'x.csv')).toEqual(['x-1.csv', 'x.csv']);
});

test('parts are ordered by number, and other files are none', () => {
  const path = folder();
  for (const name of ['x-10.csv', 'x-2.csv', 'x-1.csv', 'x-01.csv', 'x-a.csv', 'xx-1.csv', 'x.csv'])
    writeFileSync(join(path, name), '');
  expect(csvParts(path, 'x.csv')).toEqual(['x-1.csv', 'x-2.csv', 'x-10.csv', 'x.csv']);
});

test('a recording in many parts is read back as one', async () => {
  const path = folder();
  const directory = openRunDirectory(path, 3000);
  for (let n = 0; n < 100; n++) directory.sinks.sample(sample(n));
  const { recording, warnings } = await directory.sinks.readBack();
  directory.close();
  expect(csvParts(path, 'samples.csv').length).toBeGreaterThan(3);
  expect(warnings).toEqual([]);
  expect([...recording.elapsedMs]).toEqual(Array.from({ length: 100 }, (_, n) => n));
  expect([...(recording.column('rss_bytes') ?? [])]).toEqual(Array.from({ length: 100 }, (_, n) => 1000 + n));
});

test('gauges that are known before the first row stand in its header', async () => {
  const path = folder();
  const { sinks, close } = openRunDirectory(path);
  sinks.gauges?.(['gauge.a', 'gauge.b{c="d"}']);
  sinks.sample(sample(0, { 'gauge.a': -1.5 }));
  sinks.sample(sample(1, { 'gauge.b{c="d"}': 2 }));
  const { recording } = await sinks.readBack();
  close();
  expect(csvParts(path, 'samples.csv')).toEqual(['samples.csv']);
  expect([...(recording.column('gauge.a') ?? [])]).toEqual([-1.5, Number.NaN]);
  expect([...(recording.column('gauge.b{c="d"}') ?? [])]).toEqual([Number.NaN, 2]);
});

test('gauges that are known later begin a new part, and their cells before it are empty', async () => {
  const path = folder();
  const { sinks, close } = openRunDirectory(path);
  sinks.sample(sample(0));
  sinks.gauges?.(['gauge.a']);
  sinks.sample(sample(1, { 'gauge.a': 7 }));
  const { recording } = await sinks.readBack();
  close();
  expect(csvParts(path, 'samples.csv')).toEqual(['samples-1.csv', 'samples.csv']);
  expect([...(recording.column('gauge.a') ?? [])]).toEqual([Number.NaN, 7]);
  expect([...(recording.column('rss_bytes') ?? [])]).toEqual([1000, 1001]);
});

test('a part of another process is refused by name', async () => {
  const path = folder();
  const { sinks, close } = openRunDirectory(path, 1);
  sinks.sample(sample(0));
  sinks.sample({ ...sample(1), pid: 43 });
  await expect(sinks.readBack()).rejects.toThrow(
    /samples\.csv:2: pid 43, but .*samples-1\.csv is of pid 42: two processes in one recording/,
  );
  close();
});

test('a last part that was only just begun when the rig was killed is no mistake', async () => {
  const path = folder();
  const { sinks, close } = openRunDirectory(path, 1);
  sinks.sample(sample(0));
  sinks.sample(sample(1));
  close();
  writeFileSync(join(path, 'samples-2.csv'), readFileSync(join(path, 'samples.csv')));
  writeFileSync(join(path, 'samples.csv'), '');
  expect((await readSamples(path)).recording.rowCount).toBe(2);
});

test('--force takes all parts of an earlier run away', () => {
  const path = folder();
  const { sinks, close } = openRunDirectory(path, 1);
  for (let n = 0; n < 4; n++) sinks.sample(sample(n));
  close();
  expect(readdirSync(path)).toHaveLength(4);
  makeRunFolder(path, true);
  expect(readdirSync(path)).toEqual([]);
});
