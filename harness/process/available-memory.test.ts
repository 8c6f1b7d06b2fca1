import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { availableMemory, memoryLeftFor } from './available-memory.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

function group(path: string, max: string, current: number): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'memory.max'), `${max}\n`);
  writeFileSync(join(folder, path, 'memory.current'), `${current}\n`);
}

test('what a process can have is bounded by the closest limit of the control groups around it', () => {
  mkdirSync(join(folder, 'proc/7'), { recursive: true });
  writeFileSync(join(folder, 'proc/7/cgroup'), '0::/pod/server\n');
  group('groups/pod', '3000000', 1_000_000);
  group('groups/pod/server', 'max', 900_000);
  const left = (): number => memoryLeftFor(7, join(folder, 'proc'), join(folder, 'groups'));
  expect(left()).toBe(2_000_000);
  group('groups/pod/server', '1000000', 900_000);
  expect(left()).toBe(100_000);
  group('groups/pod/server', '1000000', 1_100_000);
  expect(left()).toBe(0);
});

test('without a limit it is what the machine has', () => {
  expect(memoryLeftFor(8, join(folder, 'proc'), join(folder, 'none'))).toBeGreaterThan(
    0.5 * availableMemory(),
  );
});
