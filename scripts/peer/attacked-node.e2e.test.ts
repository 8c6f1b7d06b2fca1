/** What `bench:peer` shows with a million frames and fifty kills, in the small. */
import { expect, it } from 'vitest';
import { attackNode } from './attacked-node.js';
import { killInMidSync } from './killed-node.js';
import { stopInBurst } from './stopped-node.js';

const FRAMES = 20_000;

it('a node lives through broken hellos and frames, and serves honest peers meanwhile', async () => {
  const { sent, service, counters, internalErrors, fdsBefore, fdsAfter, code } = await attackNode(FRAMES, 1);
  expect(code).toBe(0);
  expect(internalErrors).toBe(0);
  expect(service.wrong).toBe(0);
  expect(service.answered).toBeGreaterThanOrEqual(0.99 * service.asked);
  expect(Math.abs(fdsAfter - fdsBefore)).toBeLessThanOrEqual(5);
  // What was sent was read, and checked as far as it can be.
  expect(counters.messages).toBeGreaterThan(
    sent.frames.hand + sent.frames['out-of-place'] + sent.frames.unasked,
  );
  expect(Math.min(counters.garbage ?? 0, counters.bans ?? 0, counters.badBlocks ?? 0)).toBeGreaterThan(0);
});

it('a node that is killed while it syncs has all of the chain in the end', async () => {
  const { blocks, opened, losses, height, isSameTip } = await killInMidSync(4, 1);
  expect(opened).toHaveLength(4);
  expect(Math.max(...opened)).toBeLessThan(blocks);
  expect({ losses, height, isSameTip }).toEqual({ losses: 0, height: blocks, isSameTip: true });
});

it('a node under a burst of blocks ends with code 0 when it is told to', async () => {
  expect((await stopInBurst(1)).code).toBe(0);
});
