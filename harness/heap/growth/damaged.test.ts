import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { HarnessError } from '../../core/errors.js';
import { leakyMap } from '../fixtures/grow.js';
import { declareHeap } from '../fixtures/snapshot-builder.js';
import { analyseFiles } from './analyse-files.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-damaged-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('whatever bytes are damaged, there is a report or a usage error, never anything else', async () => {
  const heap = declareHeap();
  const operate = leakyMap(heap);
  for (let n = 0; n < 20; n++) operate(n);
  heap.set(heap.global, 'escaped "\\\u2028', heap.node('string', 'a "quoted" text\n', 40));
  const text = Buffer.from(heap.json());
  const damages = fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const file = join(folder, 'damaged.heapsnapshot');
  let reports = 0;
  await fc.assert(
    fc.asyncProperty(damages, async (damage) => {
      const bytes = Buffer.from(text);
      for (const [at, byte] of damage) bytes[at] = byte;
      writeFileSync(file, bytes);
      try {
        await analyseFiles({ files: [file, file], operations: null, allocations: null });
        reports++;
      } catch (error) {
        expect(error).toBeInstanceOf(HarnessError);
        expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(file) });
      }
    }),
    { numRuns: 500 },
  );
  expect(reports).toBeGreaterThan(10);
});
