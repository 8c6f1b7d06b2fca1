import { expect, test } from 'vitest';
import { udpFlood } from '../../../scenarios/udp-flood.js';
import { resolveRun } from '../../run/run-options.js';
import { reproduceCommand } from './reproduce.js';

const repeat = (options: Parameters<typeof resolveRun>[1]): string =>
  reproduceCommand(resolveRun(udpFlood, options, []));

test('a number of cycles that is not the default of the duration is spelled out, one included', () => {
  expect(repeat({ durationMs: 600_000, cycles: 1 })).toContain('--cycles 1');
  expect(repeat({ durationMs: 40_000, cycles: 2 })).toContain('--cycles 2');
  expect(repeat({ durationMs: 600_000 })).not.toContain('--cycles');
});

test('when heap snapshots are taken is spelled out where it is not the default', () => {
  expect(repeat({})).not.toContain('--heap-snapshots');
  expect(repeat({ heapSnapshots: 'off' })).toContain(' --heap-snapshots off');
});
