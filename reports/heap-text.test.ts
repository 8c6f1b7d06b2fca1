import { expect, test } from 'vitest';
import type { Culprit, GrowthReport } from '../harness/core/culprit.js';
import { createColours } from './colours.js';
import { heapText, memlabText } from './heap-text.js';

const culprit: Culprit = {
  fingerprint: 'b60c0c626ab5',
  kind: 'map',
  name: 'entries',
  className: 'Map',
  structures: 1,
  contents: [
    { className: 'DnsRecord', counts: [3001, 4010, 5019] },
    { className: 'string', counts: [3001, 4010, 5019] },
  ],
  heldBytes: [637_136, 863_152, 1_089_168],
  retainedBytes: [751_896, 977_912, 1_318_616],
  offHeapGrowthBytes: 0,
  share: 0.841,
  growthPerOp: { objects: 1, bytes: 224 },
  path: [
    { name: '[]', className: 'TCP' },
    { name: '[owner_symbol]', className: 'Server' },
    { name: '_events', className: 'Object' },
    { name: 'request', className: '(anonymous)()' },
    { name: 'operate', className: 'operate()' },
    { name: 'cache', className: 'DnsCache' },
    { name: 'entries', className: 'Map' },
  ],
  allocationStack: null,
  artefact: false,
  advice: 'bound it',
};

const report = (culprits: readonly Culprit[], more: Partial<GrowthReport> = {}): GrowthReport => ({
  snapshots: [5_400_000, 5_600_000, 5_900_000].map((totalBytes, i) => ({
    file: `${i}.heapsnapshot`,
    totalBytes,
    objects: 1000,
  })),
  operations: 1009,
  growthBytes: 500_000,
  culprits,
  warnings: [],
  ...more,
});

const options = { colours: createColours(false), top: 5, all: false };

test('a culprit', () => {
  expect(heapText(report([culprit]), options)).toMatchInlineSnapshot(`
    "3 snapshots: 5.1 MiB > 5.3 MiB > 5.6 MiB (+488.3 KiB, 1009 operations between two)

    1. entries (Map) grew at each of 2 steps [map]
       grows      DnsRecord 3001 > 4010 > 5019, string 3001 > 4010 > 5019
       growth     +441.4 KiB, 84 % of all growth
       per op     224 B, 1 object
       retained   734.3 KiB > 955 KiB > 1.3 MiB
       held by    TCP → [owner_symbol] Server → _events → request() → operate() → cache DnsCache → entries Map
       advice     bound it
       id         b60c0c626ab5
    "
  `);
});

test('many structures with memory outside the heap, two snapshots, and what is left out', () => {
  const buffers: Culprit = {
    ...culprit,
    kind: 'buffers',
    name: 'byPeer[]',
    className: 'Array',
    structures: 97,
    contents: [],
    offHeapGrowthBytes: 400_000,
    share: null,
    growthPerOp: null,
    allocationStack: ['read (peer.js:12)', 'onData (peer.js:40)'],
  };
  const own: Culprit = { ...culprit, kind: 'v8', name: 'code', artefact: true };
  const two = report([buffers, culprit, own], {
    operations: null,
    snapshots: report([]).snapshots.slice(1),
    warnings: ['two snapshots cannot tell'],
  });
  expect(heapText(two, { ...options, top: 1 })).toMatchInlineSnapshot(`
    "2 snapshots: 5.3 MiB > 5.6 MiB (+488.3 KiB)

    1. 97 x byPeer[] (Array) grew in the one step [buffers]
       grows      622.2 KiB > 842.9 KiB > 1 MiB
       growth     +441.4 KiB, 390.6 KiB of it outside the heap
       retained   734.3 KiB > 955 KiB > 1.3 MiB
       held by    TCP → [owner_symbol] Server → _events → request() → operate() → cache DnsCache → entries Map
       allocated  read (peer.js:12) < onData (peer.js:40)
       advice     bound it
       id         b60c0c626ab5

    1 more with --top 2, 1 of V8's own with --all

    warning: two snapshots cannot tell
    "
  `);
});

test('nothing in the heap: what to look at instead', () => {
  expect(heapText(report([]), options)).toMatchInlineSnapshot(`
    "3 snapshots: 5.1 MiB > 5.3 MiB > 5.6 MiB (+488.3 KiB, 1009 operations between two)

    no structure grows from every snapshot to the next
    if memory grows all the same it is not in the V8 heap: leak-soak run names the metric that grows; then look at
    descriptors with ls -l /proc/PID/fd, at sockets with ss -tmp, at native code with heaptrack, or repeat the run with
    --confirm-allocator to tell a native leak from fragmentation
    "
  `);
});

test('the second opinion', () => {
  const traces = [
    { path: ['<anonymous>', 'cache DnsCache', 'entries Map'], retainedBytes: 192 },
    { path: ['<anonymous>', 'log Array'], retainedBytes: null },
  ];
  expect(memlabText({ traces }, 1)).toMatchInlineSnapshot(`
    "memlab: 2 traces
    1. <anonymous> → cache DnsCache → entries Map
       retained 192 B
    1 more with --top 2
    "
  `);
});
