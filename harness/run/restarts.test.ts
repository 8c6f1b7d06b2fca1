import { expect, test } from 'vitest';
import type { ProcessRow } from '../core/process-row.js';
import { type RestartWatch, watchRestarts } from './restarts.js';

/** One tick: the master (pid 1) and these workers. */
function tick(
  watch: RestartWatch,
  seconds: number,
  ...workers: readonly (readonly [number, string])[]
): void {
  const unread = { heapUsedBytes: null, externalBytes: null, liveHeapBytes: null };
  // A worker takes up a MiB a second, and a zombie (a name in capitals) has nothing left.
  const rss = (name: string): number => (name === name.toUpperCase() ? 0 : (40 + seconds) * 2 ** 20);
  const rest = { fds: 1, threads: 1, cpuMs: 1, elapsedMs: seconds * 1000, ...unread };
  const rows: ProcessRow[] = [[1, 'server'] as const, ...workers].map(([pid, name]) => ({
    ...rest,
    pid,
    name: name.toLowerCase(),
    rssBytes: rss(name),
    parentPid: pid === 1 ? 0 : 1,
  }));
  watch.see(rows);
}

test('a worker that ends and is started again is a restart', () => {
  const watch = watchRestarts();
  for (const second of [0, 1, 2]) tick(watch, second, [10, 'worker'], [11, 'worker']);
  tick(watch, 3, [11, 'worker']);
  expect(watch.warning()).toBeNull();
  tick(watch, 4, [11, 'worker'], [12, 'worker']);
  expect(watch.warning()).toMatchObject({ id: 'target-restarted', concerns: 'coverage' });
  expect(watch.warning()?.message).toMatch(/^a worker process .* last worker at 4.0 s/);
});

test('what workers took up in their lives is told, the last reading of a zombie left out', () => {
  const watch = watchRestarts();
  for (const second of [0, 1, 2, 3, 4, 5]) tick(watch, second, [10, 'worker'], [11, 'worker']);
  tick(watch, 6, [10, 'WORKER'], [11, 'worker']);
  tick(watch, 7, [11, 'worker'], [12, 'worker']);
  expect(watch.warning()?.message).toMatch(
    /flat sum says nothing of its growth \(in the median they lived 6 s, and RSS rose by 4 MiB from their first second/,
  );
});

test('in the same tick as well', () => {
  const watch = watchRestarts();
  for (const second of [0, 1, 2]) tick(watch, second, [10, 'worker']);
  tick(watch, 3, [12, 'worker']);
  tick(watch, 6, [12, 'worker']);
  tick(watch, 7, [13, 'worker']);
  expect(watch.warning()?.message).toMatch(/^2 worker processes/);
});

test.each<[string, (watch: RestartWatch) => void]>([
  [
    'workers that are added while all others stay',
    (watch) => {
      for (const second of [0, 1, 2]) tick(watch, second, [10, 'worker']);
      tick(watch, 3, [10, 'worker'], [11, 'worker']);
    },
  ],
  [
    'jobs that come and go within a second',
    (watch) => {
      for (let second = 0; second < 10; second++) tick(watch, second, [100 + second, 'cgi']);
    },
  ],
  [
    'a process of another name',
    (watch) => {
      for (const second of [0, 1, 2]) tick(watch, second, [10, 'cache-loader']);
      tick(watch, 3, [11, 'worker']);
    },
  ],
  [
    'a worker that comes long after another was let go',
    (watch) => {
      for (const second of [0, 1, 2]) tick(watch, second, [10, 'worker']);
      for (const second of [3, 9]) tick(watch, second);
      tick(watch, 10, [11, 'worker']);
    },
  ],
])('%s are none', (_, happen) => {
  const watch = watchRestarts();
  happen(watch);
  expect(watch.warning()).toBeNull();
});
