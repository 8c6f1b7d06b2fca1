import { expect, test } from 'vitest';
import type { Manifest } from '../../core/manifest.js';
import { leakyManifest, leakyRun } from './fixtures/known-leaks.js';
import { whyNotRecorded } from './why-not-recorded.js';

const refusal = (spec: Parameters<typeof leakyManifest>[1]): string | null => {
  const manifest = leakyManifest(undefined, spec);
  return whyNotRecorded(manifest, leakyRun(manifest));
};
const { targetExit } = leakyManifest();
const failed = { id: 'attribution-incomplete', concerns: 'note', message: 'too little memory' } as const;
const doubt = { id: 'fail-unconfirmed', concerns: 'reading', message: 'alone' } as const;
const cutShort = leakyManifest().phases.map((span) =>
  span.phase === 'drain' ? { ...span, startMs: 40_000 } : span,
);

test('a complete run that failed is ground for a baseline, and so is one that passed', () => {
  expect(refusal({})).toBeNull();
  expect(whyNotRecorded(leakyManifest(), leakyRun(leakyManifest(), 0))).toBeNull();
});

test.each<[string, Partial<Manifest>, RegExp]>([
  ['interrupted', { state: 'interrupted' }, /was interrupted/],
  [
    'ended by a ceiling',
    { ceilingHit: { metric: 'rss', value: 1e8, explicit: true, reached: 2e8, atMs: 5000 } },
    /ended by its ceiling on rss/,
  ],
  [
    'ended by the death of its target',
    { targetExit: targetExit === null ? null : { ...targetExit, expected: false, code: 1 } },
    /the target went away after growing.*mend that first/,
  ],
  ['inconclusive', { warnings: [doubt] }, /the run is inconclusive/],
  [
    'of a target that did not answer',
    { probes: [{ at: 'settle', ok: false, message: 'timed out' }] },
    /timed out.*mend that first/,
  ],
  ['shorter than planned', { phases: cutShort }, /before its planned time/],
  ['without phases', { phases: [] }, /before its planned time/],
  [
    'that leaks heap without a culprit',
    { attribution: null, warnings: [failed] },
    /which structure live-heap grows by \(too little memory\)/,
  ],
])('one that is %s is none', (_, spec, message) => {
  expect(refusal(spec)).toMatch(message);
});
