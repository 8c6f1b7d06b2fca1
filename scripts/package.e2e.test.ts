import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const clone = mkdtempSync(join(tmpdir(), 'leak-soak-clone-'));
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function npm(...args: string[]): { status: number | null; output: string } {
  // The parent's npm hands its own settings down in npm_* variables; a user's shell has none.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const { status, stdout, stderr } = spawnSync(args[0] as string, args.slice(1), {
    cwd: clone,
    encoding: 'utf8',
    env,
  });
  return { status, output: stdout + stderr };
}

test('a fresh clone works after npm ci alone, and again after a rebuild from nothing', () => {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(name))) {
    cpSync(file, join(clone, file));
  }

  const install = npm('npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund');
  expect(install.output).not.toMatch(/ERR!/);
  expect(install.status).toBe(0);
  const listed = npm('npx', 'leak-soak', 'list', 'faults');
  expect(listed.output).toContain('dns-cache-names');
  expect(listed.status).toBe(0);

  rmSync(join(clone, 'dist'), { recursive: true });
  expect(npm('npm', 'run', 'build').status).toBe(0);
  const again = npm('npx', 'leak-soak', 'run', '--scenario', 'no-such');
  expect(again.output).toContain('leak-soak: verdict=error exit=4 dir=-');
  expect(again.status).toBe(4);
});
