import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedDebugLog, openDebugLog } from './debug-log.js';
import { EndlessDebugLog } from './endless-debug-log.js';

let folder: string;
let file: string;
beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-debug-'));
  file = join(folder, 'debug.log');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const lines = (of = file): unknown[] =>
  readFileSync(of, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('bounded debug log', () => {
  it('writes once a second, and the rest when it is closed', () => {
    const log = new BoundedDebugLog(file, 10_000);
    log.note('store', { ttl: 60 });
    expect(statSync(file).size).toBe(0);
    vi.advanceTimersByTime(1000);
    log.note('store', { ttl: 61 });
    log.close();
    expect(lines()).toEqual([
      { event: 'store', ttl: 60 },
      { event: 'store', ttl: 61 },
    ]);
  });

  it('keeps file and predecessor within their bound, however long it goes on', () => {
    const log = new BoundedDebugLog(file, 10_000);
    for (let second = 0; second < 100; second += 1) {
      for (let count = 0; count < 50; count += 1) log.note('store', { second, count });
      vi.advanceTimersByTime(1000);
    }
    log.close();
    expect(statSync(file).size).toBeLessThanOrEqual(10_000);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(10_000);
    expect(lines().at(-1)).toEqual({ event: 'store', second: 99, count: 49 });
  });

  it('drops lines that come too fast, and says how many', () => {
    const log = new BoundedDebugLog(file, 1_000_000);
    for (let count = 0; count < 5000; count += 1) log.note('store', { count });
    expect(log.structures()).toMatchObject([{ entries: 1000, limit: 1000 }]);
    log.close();
    expect(lines()).toHaveLength(1001);
    expect(lines().at(-1)).toEqual({ event: 'dropped', count: 4000 });
  });

  it('names the file that cannot be written', () => {
    expect(() => openDebugLog('/no/such/file', 1)).toThrow(
      '[debug] file = "/no/such/file": cannot be written',
    );
  });

  it('goes on when its folder is gone', () => {
    const log = new BoundedDebugLog(file, 10_000);
    rmSync(folder, { recursive: true });
    log.note('store', { ttl: 60 });
    expect(() => vi.advanceTimersByTime(1000)).not.toThrow();
    log.close();
  });
});

it('the log of the fault debug-log grows with every event', () => {
  const log = new EndlessDebugLog(file);
  for (let count = 0; count < 5000; count += 1) log.note('store', { count });
  log.close();
  expect(lines()).toHaveLength(5000);
});
