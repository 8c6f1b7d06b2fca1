import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../dist/scripts/nightly-soak.js', import.meta.url));

function nightly(cwd: string, args: readonly string[]) {
  const env = { PATH: process.env.PATH, GITHUB_STEP_SUMMARY: join(cwd, 'step.md') };
  return spawnSync(process.execPath, [SCRIPT, ...args], { cwd, env, encoding: 'utf8' });
}

test('a first good night leaves a summary, its runs, growth rates and a baseline for the next', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'leak-soak-night-'));
  try {
    // 45 s: the shortest that a busy machine still decides.
    const args = ['--self-test', 'off', '--scenarios', 'udp-flood', '--hours', '0.0125'];
    const { status, stdout, stderr } = nightly(cwd, args);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toMatch(/^good +udp-flood: live heap /);
    expect(readFileSync(join(cwd, 'step.md'), 'utf8')).toMatch(
      /\| udp-flood \| ✅ good .* \| no baseline \|/,
    );
    expect(existsSync(join(cwd, 'soak-results/nightly/udp-flood/samples.csv'))).toBe(true);
    expect(existsSync(join(cwd, 'soak-history/last-good/udp-flood/samples.csv'))).toBe(true);
    expect(readFileSync(join(cwd, 'soak-history/growth.csv'), 'utf8')).toMatch(
      /udp-flood,good,live-heap,pass/,
    );
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

test('a wrong option is named, with what it may be', () => {
  const cwd = tmpdir();
  expect(nightly(cwd, ['--scenarios', 'udp-flod'])).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('--scenarios udp-flod: some of udp-flood'),
  });
  expect(nightly(cwd, ['--hours', '0'])).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('--hours 0: a number above 0'),
  });
});
