import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Culprit } from '../../core/culprit.js';
import { readAllocationProfile } from './allocation-profile.js';
import { attributeAllocations } from './attribute.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-allocations-'));
afterAll(() => rmSync(folder, { recursive: true }));

class DnsRecord {
  readonly bytes = Array.from({ length: 40 }, (_, i) => ({ i }));
}

/** What V8 samples while this process keeps some 4 MB of records. */
async function sampledProfile(): Promise<string> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', { samplingInterval: 4096 });
  const kept: DnsRecord[] = [];
  function answerQuery(): void {
    kept.push(new DnsRecord());
  }
  for (let i = 0; i < 3000; i++) answerQuery();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  expect(kept).toHaveLength(3000);
  const file = join(folder, 'own.heapprofile');
  writeFileSync(file, JSON.stringify(profile));
  return file;
}

const culprit = (className: string, heldBytes: number): Culprit =>
  ({
    contents: [{ className, counts: [1000, 2000, 3000] }],
    heldBytes: [0, 0, heldBytes],
    offHeapGrowthBytes: 0,
    allocationStack: null,
  }) as unknown as Culprit;

describe('where a culprit was allocated', () => {
  test('is told by the constructor of its content, from what V8 sampled', async () => {
    const sites = readAllocationProfile(await sampledProfile());
    const [found] = attributeAllocations([culprit('DnsRecord', 4e6)], sites);
    const stack = found?.allocationStack?.join(' < ') ?? '';
    expect(stack).toMatch(/DnsRecord \(.*allocations\.test\.ts:\d+\)/);
    expect(stack).toMatch(/answerQuery \(.*allocations\.test\.ts:\d+\)/);
  });

  test('is the largest site when no name tells and the first culprit is no larger than it', () => {
    const site = { stack: ['push (log.js:3)'], functions: new Set(['push']), liveBytes: 500 };
    const [first, second] = attributeAllocations([culprit('Object', 1000), culprit('Object', 10)], [site]);
    expect(first?.allocationStack).toEqual(['push (log.js:3)']);
    expect(second?.allocationStack).toBeNull();
    expect(attributeAllocations([culprit('Object', 1e6)], [site])[0]?.allocationStack).toBeNull();
  });
});

test.each([
  ['not JSON', 'x', /cannot be read/],
  ['something else', '{"nodes":[]}', /is no sampling heap profile/],
])('a profile that is %s is refused', (_, text, message) => {
  const file = join(folder, 'bad.heapprofile');
  writeFileSync(file, text);
  expect(() => readAllocationProfile(file)).toThrow(message);
  expect(() => readAllocationProfile(join(folder, 'none'))).toThrow(/none cannot be read/);
});
