import { expect, test } from 'vitest';
import type { Attribution } from '../core/attribution.js';
import type { Culprit } from '../core/culprit.js';
import type { GrowthClass } from '../core/growth-class.js';
import { withAttribution } from './attributed-classes.js';
import { buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import { judge } from './judge.js';

const culprit = (name: string, artefact: boolean): Culprit =>
  ({
    kind: 'map',
    name,
    className: 'Map',
    contents: [],
    share: 0.98,
    artefact,
    advice: 'bound it',
  }) as unknown as Culprit;
const attribution = (...culprits: Culprit[]): Attribution =>
  ({ engine: 'agent', culprits }) as unknown as Attribution;
const grown = (kind: GrowthClass['kind'], evidence: string | null = null): GrowthClass => ({
  kind,
  metrics: [],
  evidence,
  advice: 'take snapshots',
});
const leaking = buildRecording({ columns: { live_heap_bytes: (t) => (30 + 12 * t) * MIB } });

test('growth in the heap is advised by the first culprit of the program', () => {
  const found = attribution(culprit('code', true), culprit('names', false));
  const [heap, threads] = withAttribution([grown('js-heap'), grown('threads')], {
    attribution: found,
    openDescriptors: null,
  });
  expect(heap?.advice).toBe('look at names (Map) first, 98 % of the growth between heap snapshots: bound it');
  expect(threads).toEqual(grown('threads'));
  const own = { attribution: attribution(culprit('code', true)), openDescriptors: null };
  expect(withAttribution([grown('js-heap')], own)).toEqual([grown('js-heap')]);
});

test('growth of descriptors is told with what they stand for', () => {
  const groups = [
    { what: 'TCP ESTABLISHED to 127.0.0.1:53', count: 300 },
    { what: 'pipe ends', count: 9 },
  ];
  const [seen] = withAttribution([grown('descriptors', '309 sockets')], {
    attribution: null,
    openDescriptors: { loadOn: false, groups },
  });
  expect(seen?.evidence).toBe(
    '309 sockets; open with the load off: 300 TCP ESTABLISHED to 127.0.0.1:53, 9 pipe ends',
  );
});

test('culprits change nothing else of a verdict', () => {
  const without = judge(buildManifest(), leaking);
  const culprits = [culprit('names', false)];
  const found = judge(buildManifest({ attribution: attribution(...culprits) }), leaking);
  expect(found.culprits).toEqual(culprits);
  expect(without.culprits).toEqual([]);
  const rest = ({ culprits: _culprits, classes: _classes, ...others }: typeof found): object => others;
  expect(rest(found)).toEqual(rest(without));
});
