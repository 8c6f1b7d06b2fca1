import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type RungResult, rungName } from '../../../core/rung.js';
import { cli, temporaryFolder } from '../../fixtures/cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

// The two that no other test leaks at an exact rate; all of them are `self-test --ladder`.
test('twice the floor is found in native memory and in buffers, each on its own metric', {
  timeout: 400_000,
}, async () => {
  const [out, junit] = [join(folder.path, 'ladder'), join(folder.path, 'rungs.xml')];
  const only = ['--only', 'native/2', '--only', 'external/2'];
  const flags = ['--ladder', ...only, '--json', '--junit', junit, '--out', out];
  const { status, stdout, lastLine } = await cli(['self-test', ...flags]);
  const results = JSON.parse(stdout) as RungResult[];
  expect(results.map(({ rung, asPromised, outcome }) => [rungName(rung), outcome, asPromised])).toEqual([
    ['external/2', 'fail', true],
    ['native/2', 'fail', true],
  ]);
  for (const { rung, detectedMs, growthPerMin } of results) {
    const leakPerMin = rung.share * rung.floorPerMin;
    expect(detectedMs).toBeGreaterThan(30_000);
    expect(growthPerMin).toBeGreaterThan(0.7 * leakPerMin);
    expect(growthPerMin).toBeLessThan(1.5 * leakPerMin);
  }
  expect(readFileSync(junit, 'utf8')).toMatch(/<testsuites tests="2" failures="0" errors="0">/);
  expect(status).toBe(0);
  expect(lastLine).toBe(`leak-soak: verdict=pass exit=0 dir=${out}`);
});

test.each([
  [['--quick'], /--quick is a form of the matrix/],
  [['--only', 'udp-flood'], /--only udp-flood is no rung of the ladder.*heap\/0\.5/],
])('--ladder %j: one clear line, exit 4', async (flags, message) => {
  const { status, stderr } = await cli(['self-test', '--ladder', ...flags]);
  expect(stderr).toMatch(message);
  expect(status).toBe(4);
});
