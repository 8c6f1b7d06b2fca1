import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readScenario } from './read-scenario.js';
import { resolveRun } from './run-options.js';
import { SERVER_BUDGETS } from './server-budgets.js';

const folder = mkdtempSync(join(tmpdir(), 'read-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(text: string, extension = 'mjs'): string {
  const path = join(folder, `scenario-${files++}.${extension}`);
  writeFileSync(path, text);
  return path;
}

test('a script is a scenario with defaults, and its file is run', async () => {
  const path = fileOf("export default { name: 'orders', needs: ['http'], async traffic() {} };");
  const scenario = await readScenario(path);
  expect(scenario).toMatchObject({
    name: 'orders',
    summary: 'orders',
    needs: ['http'],
    budgets: SERVER_BUDGETS,
    overload: false,
    closedModel: true,
    defaults: { durationMs: 60_000, ratePerSec: 100 },
    file: path,
  });
  const target = {
    kind: 'attached' as const,
    pid: 1,
    command: [],
    allowInspect: false,
    addresses: { http: 'http://127.0.0.1:1/' },
  };
  const { plan, choices } = resolveRun(scenario, { target, outstanding: 3, ratePerSec: 7 }, []);
  expect(scenario.load({ ...plan, ...choices })).toEqual({
    kind: 'script',
    path,
    ratePerSec: 7,
    outstanding: 3,
    seed: 1,
    timeoutMs: 10_000,
  });
  const elsewhere = { ...target, addresses: {} };
  expect(() => resolveRun(scenario, { target: elsewhere }, [])).toThrow(/orders must know where .* --http/);
});

test('a file may also describe a load of ours', async () => {
  const path = fileOf(
    `export default { name: 'slow', needs: ['tcp'], exposes: [], overload: false, budgets: {}, targetConfig: null,
      defaults: { durationMs: 5000, ratePerSec: 1 }, load: () => ({ kind: 'none' }) };`,
  );
  expect(await readScenario(path)).toMatchObject({ name: 'slow', file: path });
});

test.each([
  ['export default { name: "x y", async traffic() {} }', /scenario name 'x y': use lower-case words/],
  ['export default { async traffic() {} }', /it has no name: add name/],
  ['export default { name: "x" }', /has no traffic: add "async traffic/],
  ['export default null', /it has no name/],
  ['export const name = 1;', /has no default export: write "export default defineScenario/],
  ['\nnull.x;', /cannot be loaded: TypeError: .* \(scenario-\d+\.mjs:2:6\)/],
  ['import "no-such-package-at-all";', /cannot be loaded: .*no-such-package-at-all/],
])('%j is refused with what is wrong', async (text, message) => {
  const path = fileOf(text);
  const refused = readScenario(path);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toThrow(`--scenario ${path}`);
  await expect(refused).rejects.toMatchObject({ code: 'usage' });
});

test('a missing file is named', async () => {
  await expect(readScenario(join(folder, 'none.mjs'))).rejects.toThrow(/none\.mjs cannot be loaded/);
});
