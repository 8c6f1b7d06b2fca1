import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkImports } from './check-imports.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leak-soak-imports-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const messages = (): string[] =>
  checkImports(root).map(({ file, line, message }) => `${file}:${line}: ${message}`);

describe('the direction of imports', () => {
  test('target importing from harness is refused, types included', () => {
    write('target/main.ts', "\nimport type { FaultInfo } from '../harness/core/fault.js';\n");
    expect(messages()).toEqual(['target/main.ts:2: target must not import from harness/core/fault.ts']);
  });

  test('harness importing from target is refused', () => {
    write('harness/run/run.ts', "export * from '../../target/faults.js';\n");
    expect(messages()).toEqual(['harness/run/run.ts:1: harness/run must not import from target/faults.ts']);
  });

  test('core imports nothing, and nothing below may look up', () => {
    write('harness/core/a.ts', "import '../stats/b.js';\n");
    write('harness/verdict/c.ts', `const x = await ${'import'}('../run/d.js');\n`);
    expect(messages()).toHaveLength(2);
  });

  test('scenarios see the public API only', () => {
    write(
      'scenarios/a.ts',
      "import { x } from '../harness/index.js';\nimport { y } from '../harness/core/y.js';\n",
    );
    expect(messages()).toEqual(['scenarios/a.ts:2: scenarios must not import from harness/core/y.ts']);
  });

  test('a circle is refused, and named by its members', () => {
    write('harness/core/a.ts', "import './b.js';\n");
    write('harness/core/b.ts', "import './a.js';\n");
    expect(messages()).toEqual([
      'harness/core/a.ts:1: import circle: harness/core/a.ts -> harness/core/b.ts -> harness/core/a.ts',
    ]);
  });

  test('a package outside its place is refused', () => {
    write('harness/verdict/a.ts', "import { stringify } from 'csv-stringify/sync';\n");
    expect(messages()).toEqual(['harness/verdict/a.ts:1: csv-stringify is confined to reports']);
  });

  test('a file in no room is refused', () => {
    write('utils/misc.ts', '');
    expect(messages()).toHaveLength(1);
  });
});

test('the project itself is in order, and the script says so with its exit code', () => {
  expect(checkImports(process.cwd())).toEqual([]);
  const script = join(process.cwd(), 'dist/scripts/check-imports.js');
  expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe('');
  write('target/main.ts', "import '../harness/core/fault.js';\n");
  const refused = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('target must not import from harness');
});
