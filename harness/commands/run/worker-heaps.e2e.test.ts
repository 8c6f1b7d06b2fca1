import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePort } from '../../core/free-port.js';
import { readSamples, temporaryFolder } from '../fixtures/cli.js';
import { soak, troubled } from '../fixtures/troubled.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

test.skipIf(process.platform !== 'linux')(
  'a leak in the JavaScript heap of cluster workers fails on the live heap of the tree, and shows in each',
  async () => {
    const [port, out] = [await freePort(), join(folder.path, 'workers')];
    const { status, verdict, left } = await soak(
      out,
      troubled('workers-grow-heap', port),
      port,
      '--rate',
      '200',
    );
    expect(status).toBe(1);
    const heap = verdict.metrics.find(({ metric }) => metric === 'live-heap');
    expect(heap).toMatchObject({ verdict: 'fail', decides: true });
    // 200 arrays a second of 400 objects of 32 bytes or more; the primary itself stands still.
    expect(heap?.growthPerMin).toBeGreaterThan(0.5 * 200 * 60 * 400 * 32);
    expect(verdict.classes.map(({ kind }) => kind)).toContain('js-heap');
    const own = readSamples(out).flatMap(({ live_heap_bytes: live }) => (live === '' ? [] : Number(live)));
    expect(Math.max(...own) - Math.min(...own)).toBeLessThan(2e6);

    const [header = '', ...rows] = readFileSync(join(out, 'processes.csv'), 'utf8').trimEnd().split('\n');
    const live = header.split(',').indexOf('live_heap_bytes');
    const byProcess = new Map<string, number[]>();
    for (const cells of rows.map((row) => row.split(','))) {
      const [pid, bytes] = [cells[1] ?? '', cells[live] ?? ''];
      if (bytes !== '') byProcess.set(pid, [...(byProcess.get(pid) ?? []), Number(bytes)]);
    }
    const grown = [...byProcess.values()].map((series) => (series.at(-1) ?? 0) - (series[0] ?? 0));
    expect(grown).toHaveLength(3);
    expect(grown.filter((bytes) => bytes > 2e6)).toHaveLength(2);
    expect(left).toEqual([]);
  },
);
