import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeNodeSettings } from './node-settings.js';
import { defineScenario } from './scenario.js';

const folder = mkdtempSync(join(tmpdir(), 'node-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SCENARIO = defineScenario({
  name: 'own',
  summary: '',
  exposes: [],
  overload: false,
  defaults: { durationMs: 60_000, ratePerSec: 1 },
  needs: [],
  budgets: {},
  targetConfig: ({ upstream }) => ({ dns: { forwarders: [upstream] } }),
  ofNode: { ownFolders: ['chain'], files: ({ zone }) => ({ 'zones.toml': { zones: [zone] } }) },
  load: () => ({ kind: 'none' }),
});
const around = { configPath: join(folder, 'target.toml'), upstream: '127.0.0.1:9', zone: 'test' };

test("the settings and the scenario's other files are written, and what a run before left of its own is gone", () => {
  mkdirSync(join(folder, 'chain'));
  writeFileSync(join(folder, 'chain', 'block'), '');
  writeFileSync(join(folder, 'notes'), 'somebody else’s');
  writeNodeSettings(SCENARIO, around);
  expect(readFileSync(join(folder, 'target.toml'), 'utf8')).toMatch(/forwarders = \[ ?"127\.0\.0\.1:9" ?\]/);
  expect(readFileSync(join(folder, 'zones.toml'), 'utf8')).toMatch(/zones = \[ ?"test" ?\]/);
  expect(existsSync(join(folder, 'chain'))).toBe(false);
  expect(existsSync(join(folder, 'notes'))).toBe(true);
});

test('a scenario that does not suit the node is refused', () => {
  const foreign = { ...SCENARIO, targetConfig: null };
  expect(() => writeNodeSettings(foreign, around)).toThrow(/own does not suit the built-in node/);
  expect(() => writeNodeSettings(SCENARIO, { ...around, upstream: null })).toThrow(/name another target/);
});
