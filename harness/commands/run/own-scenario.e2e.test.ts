import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import type { Manifest } from '../../core/manifest.js';
import type { RunVerdict } from '../../core/verdict.js';
import { BRIEF, type CliResult, cli, processesOf, read, temporaryFolder } from '../fixtures/cli.js';

const SERVE = fileURLToPath(new URL('../../../dist/scripts/servers/serve.js', import.meta.url));
const TRAFFIC = fileURLToPath(new URL('../fixtures/traffic.mjs', import.meta.url));

const folder = temporaryFolder();
afterAll(() => folder.remove());

let runs = 0;
async function run(scenario: string, ...more: string[]): Promise<CliResult & { out: string }> {
  const [out, port] = [join(folder.path, `run-${runs++}`), await freePort()];
  const command = `"${process.execPath}" "${SERVE}" clean ${port} 1000`;
  const target = ['--command', command, '--http', `http://127.0.0.1:${port}/`];
  const result = await cli(['run', '--scenario', scenario, ...target, ...BRIEF, ...more, '--out', out]);
  return { ...result, out };
}

function fileOf(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

describe('a scenario of the user', () => {
  test('made with defineScenario of the package drives its target at the rate, through all phases', async () => {
    const { out, stdout } = await run(TRAFFIC, '--rate', '150');
    const manifest = read<Manifest>(out, 'run.json');
    expect(manifest).toMatchObject({ state: 'finished', scenario: 'orders' });
    expect(manifest.phases.map(({ phase }) => phase)).toEqual(['warm-up', 'steady', 'drain', 'settle']);
    expect(manifest.probes.map(({ ok, message }) => [ok, message])).toEqual([
      [true, `the probe of ${TRAFFIC} was answered`],
      [true, `the probe of ${TRAFFIC} was answered`],
    ]);
    const { load } = manifest;
    expect(load?.intended).toBeGreaterThan(150 * 2.8);
    expect(load?.intended).toBeLessThan(150 * 4);
    expect(load).toMatchObject({ wrong: 0, errors: 0, timeouts: 0, answered: load?.offered });
    expect(load?.generator?.io).toBe('script');
    expect(stdout).toContain(`repeat: leak-soak run --scenario ${TRAFFIC} `);
    expect(processesOf(manifest.runId)).toEqual([]);
  });

  test('keeps so many operations in flight with --outstanding', async () => {
    const { out } = await run(TRAFFIC, '--outstanding', '4');
    const { load } = read<Manifest>(out, 'run.json');
    expect(load?.answered).toBeGreaterThan(1000);
    expect(load).toMatchObject({ wrong: 0, errors: 0, timeouts: 0, answered: load?.offered });
  });

  test('whose operations fail is a finding, with the first of them in load.log', async () => {
    const path = fileOf(
      'failing.mjs',
      `export default { name: 'failing', needs: ['http'], traffic: ({ repeat }) =>
        repeat(({ sequence }) => { if (sequence % 2) throw new Error('order ' + sequence + ' is lost'); }) };`,
    );
    const { out, status } = await run(path);
    const { findings, load } = read<RunVerdict>(out, 'verdict.json');
    expect(findings.map(({ id }) => id)).toContain('failed-operations');
    expect(load?.errors).toBeGreaterThan(100);
    expect(status).toBe(1);
    expect(readFileSync(join(out, 'load.log'), 'utf8')).toMatch(/operation 1 failed: order 1 is lost/);
  });

  test('whose traffic throws ends the run with exit 3, the file and the line', async () => {
    const path = fileOf(
      'throws.mjs',
      `export default { name: 'throws', needs: ['http'],\n  async traffic() {\n    nothing.here();\n  } };`,
    );
    const { status, stdout, out } = await run(path);
    expect(status).toBe(3);
    expect(stdout).toMatch(
      /traffic of .*throws\.mjs: ReferenceError: nothing is not defined \(throws\.mjs:3:5\)/,
    );
    expect(processesOf(read<Manifest>(out, 'run.json').runId)).toEqual([]);
  });

  test('whose probe fails never begins', async () => {
    const path = fileOf(
      'probe.mjs',
      `export default { name: 'probe', needs: ['http'], traffic: ({ repeat }) => repeat(() => 0),
        async probe() { throw new Error('no login page'); } };`,
    );
    const { status, stdout } = await run(path);
    expect(stdout).toMatch(/up but does not serve: the probe of .*probe\.mjs: no login page/);
    expect(status).toBe(3);
  });

  test.each([
    ['syntax.mjs', 'export default {', /syntax\.mjs cannot be loaded: SyntaxError: Unexpected end of input/],
    ['package.mjs', "import 'no-such-package';", /cannot be loaded: Cannot find package 'no-such-package'/],
    ['empty.mjs', 'export const a = 1;', /empty\.mjs has no default export: write "export default/],
    ['typed.ts', 'export default { name: "a" as string }', /cannot be loaded: .*this Node does not run Type/],
  ])('%s is refused in one line, exit 4', async (name, text, message) => {
    if (name.endsWith('.ts') && (process.features as { typescript?: unknown }).typescript) return;
    const { status, stderr } = await run(fileOf(name, text));
    expect(stderr).toMatch(message);
    expect(status).toBe(4);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
