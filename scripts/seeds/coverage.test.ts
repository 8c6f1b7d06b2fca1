import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { coverageOf, isWithout } from './coverage.js';
import { SEED_ITEMS, type SeedItem } from './items.js';

const item = (text: string, change: Partial<SeedItem> = {}): SeedItem => ({
  seed: '000',
  kind: 'checklist',
  text,
  area: 'dns',
  command: null,
  ...change,
});

it('finds tests whose names quote an item, metrics in the target, and commands that exist', () => {
  const root = mkdtempSync(join(tmpdir(), 'leak-soak-coverage-'));
  for (const folder of ['harness', 'scenarios', 'target', 'reports', 'scripts'])
    mkdirSync(join(root, folder));
  writeFileSync(join(root, 'package.json'), '{"scripts":{"bench:a":"x"}}');
  writeFileSync(join(root, 'target/a.test.ts'), "\nit('Stays small under load (a lot)', () => {});\n");
  writeFileSync(join(root, 'target/a.ts'), "const name = 'things_total';\n// Stays fast\n");
  const items = [
    item('Stays small under load (a lot)'),
    item('Stays small under load'),
    item('Stays fast'),
    item('things_total', { kind: 'metric' }),
    item('39 MB', { kind: 'figure', command: 'bench:a' }),
    item('40 MB', { kind: 'figure', command: 'bench:b' }),
  ];
  const covered = coverageOf(root, items);
  expect(covered.map(({ shownBy, ownCommand }) => [...shownBy, ownCommand])).toEqual([
    ['target/a.test.ts:2', null],
    [null],
    [null],
    ['target/a.ts:1', null],
    ['npm run bench:a'],
    [null],
  ]);
  expect(covered.map(isWithout)).toEqual([false, true, true, false, false, true]);
  rmSync(root, { recursive: true });
});

it.each([
  ['dns', 16],
  ['chain', 9],
])('has a test for every item of the checklist that speaks of %s', (wanted, least) => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const items = SEED_ITEMS.filter(({ kind, area }) => kind === 'checklist' && area === wanted);
  expect(items.length).toBeGreaterThanOrEqual(least);
  expect(coverageOf(root, items).filter(({ shownBy }) => shownBy.length === 0)).toEqual([]);
});
