import { expect, test } from 'vitest';
import { cli } from '../../fixtures/cli.js';

// Its runs take two minutes each: they are `self-test --ladder` itself, and no test.
test.each([
  [['--quick'], /--quick is a form of the matrix/],
  [['--only', 'udp-flood'], /--only udp-flood is no rung of the ladder.*heap\/0\.5/],
])('--ladder %j: one clear line, exit 4', async (flags, message) => {
  const { status, stderr } = await cli(['self-test', '--ladder', ...flags]);
  expect(stderr).toMatch(message);
  expect(status).toBe(4);
});
