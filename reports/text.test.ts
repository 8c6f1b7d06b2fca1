import { expect, test } from 'vitest';
import type { Culprit } from '../harness/core/culprit.js';
import type { RunVerdict } from '../harness/core/verdict.js';
import { comparePairs } from '../harness/verdict/compare.js';
import { buildManifest, buildRecording, MIB } from '../harness/verdict/fixtures/recording-builder.js';
import { judge } from '../harness/verdict/judge.js';
import { applyBaseline } from '../harness/verdict/known-leaks/apply-baseline.js';
import {
  baselineOf,
  culprit,
  knownLeak,
  leakyManifest,
  leakyRun,
} from '../harness/verdict/known-leaks/fixtures/known-leaks.js';
import { createColours } from './colours.js';
import { comparisonText } from './compare-text.js';
import { verdictText } from './text.js';
import { resultJson } from './verdict-json.js';

const PLAIN = createColours(false);
const ESCAPE = String.fromCharCode(27);

const leaking = buildRecording({
  columns: { live_heap_bytes: (t, row) => (30 + 72.3 * t + 0.1 * ((row * 7) % 11)) * MIB },
});

const textOf = (verdict: RunVerdict, colours = PLAIN): string =>
  verdictText(verdict, { colours, directory: 'soak-results/udp-flood-1' });

test('a failing run', () => {
  expect(textOf(judge(buildManifest({ faults: ['dns-cache-names'] }), leaking))).toMatchInlineSnapshot(`
    "FAIL  udp-flood with dns-cache-names: live heap rises 72.3 ± 0.4 MiB/min, budget 1 MiB/min (this run could see ≥ 1.76 MiB/min)

    metric          growth ± 90 %    per op     budget       could see  readings  verdict  decides
    live-heap  72.3 ± 0.4 MiB/min  12.3 KiB  1 MiB/min  ≥ 1.76 MiB/min        45  fail     yes
    fds             0 ± 1.27 /min               8 /min     ≥ 10.3 /min        45  pass     yes
    rss          0 ± 0.01 MiB/min            4 MiB/min  ≥ 8.18 MiB/min        45  pass     no

    load: 5500 offered of 5500 intended, 5500 answered, 0 wrong, 0 failed, 0 timed out, 0 dropped; latency p50 0.4 ms, p99 1.7 ms
    full (steady start → end): dns-cache 98 % → 99 %

    js-heap: objects are kept in the JavaScript heap: take three heap snapshots, with as much load between each two, and give them to leak-soak heap-diff

    files:  soak-results/udp-flood-1
    repeat: leak-soak run --scenario udp-flood --duration 60s
    "
  `);
});

test('a failing run whose growth was attributed names its culprits, those with hardly a part in it left out', () => {
  const grown = (name: string, share: number, artefact = false): Culprit => ({
    fingerprint: `id of ${name}`,
    kind: 'map',
    name,
    className: 'Map',
    structures: 1,
    contents: [{ className: 'DnsRecord', counts: [100, 201, 302] }],
    heldBytes: [1000, 2000, 3024],
    retainedBytes: [1000, 2000, 3024],
    offHeapGrowthBytes: 0,
    share,
    growthPerOp: { objects: 1, bytes: 10 },
    path: [
      { name: 'cache', className: 'DnsCache' },
      { name, className: 'Map' },
    ],
    allocationStack: ['store (cache.js:12)'],
    artefact,
    advice: 'bound it',
  });
  const culprits = [grown('names', 0.9), grown('ages', 0.06), grown('odd', 0.01), grown('code', 1, true)];
  const attribution = {
    engine: 'agent',
    pid: 7,
    operations: 101,
    snapshots: [],
    growthBytes: 2024,
    culprits,
  } as const;
  const text = textOf(judge(buildManifest({ attribution }), leaking));
  expect(text.slice(text.indexOf('js-heap'), text.indexOf('files:'))).toMatchInlineSnapshot(`
    "js-heap: look at names (Map) first, 90 % of the growth between heap snapshots: bound it

    1. names (Map) grew at each of 2 steps [map]
       grows      DnsRecord 100 > 201 > 302
       growth     +2 KiB, 90 % of all growth
       per op     10 B, 1 object
       retained   1000 B > 2 KiB > 3 KiB
       held by    cache DnsCache → names Map
       allocated  store (cache.js:12)
       advice     bound it
       id         id of names

    2. ages (Map) grew at each of 2 steps [map]
       grows      DnsRecord 100 > 201 > 302
       growth     +2 KiB, 6 % of all growth
       per op     10 B, 1 object
       retained   1000 B > 2 KiB > 3 KiB
       held by    cache DnsCache → ages Map
       allocated  store (cache.js:12)
       advice     bound it
       id         id of ages

    1 more in culprits of verdict.json

    "
  `);
});

test('a run beside known leaks tells each of them, and no structure that is known', () => {
  const manifest = leakyManifest([culprit('names', 0.9), culprit('code', 0.3, true)]);
  const baseline = baselineOf(
    knownLeak(),
    knownLeak({ metric: 'fds', growthPerMin: 60, halfWidthPerMin: 2 }),
  );
  const run = applyBaseline(leakyRun(manifest), baseline, manifest.startedAt);
  expect(textOf(run)).toMatchInlineSnapshot(`
    "PASS  udp-flood: what leaks is known (live-heap), and everything else that decides stayed within its budget

    metric          growth ± 90 %    per op     budget       could see  readings  verdict  decides
    live-heap  72.3 ± 0.4 MiB/min  12.3 KiB  1 MiB/min  ≥ 1.76 MiB/min        45  fail     no
    fds             0 ± 1.27 /min               8 /min     ≥ 10.3 /min        45  pass     yes
    rss          0 ± 0.01 MiB/min            4 MiB/min  ≥ 8.18 MiB/min        45  pass     no

    load: 5500 offered of 5500 intended, 5500 answered, 0 wrong, 0 failed, 0 timed out, 0 dropped; latency p50 0.4 ms, p99 1.7 ms
    full (steady start → end): dns-cache 98 % → 99 %

    known leak: live heap rises 72.3 ± 0.4 MiB/min (72 ± 0.4 MiB/min on 2025-12-24), tolerated until 2026-01-31: mended with the new cache, issue 12 [known]
    known leak: open descriptors keep their budget (60 ± 2 /min on 2025-12-24): take the entry out with --update-baseline [gone]

    files:  soak-results/udp-flood-1
    repeat: leak-soak run --scenario udp-flood --duration 60s
    "
  `);
});

test('a passing run', () => {
  expect(textOf(judge(buildManifest(), buildRecording()))).toMatchInlineSnapshot(`
    "PASS  udp-flood: live heap is flat: 0 ± <0.01 MiB/min, budget 1 MiB/min (this run could see ≥ 1 MiB/min)

    metric         growth ± 90 %  per op     budget       could see  readings  verdict  decides
    live-heap  0 ± <0.01 MiB/min          1 MiB/min     ≥ 1 MiB/min        45  pass     yes
    fds            0 ± 1.27 /min             8 /min     ≥ 10.3 /min        45  pass     yes
    rss         0 ± 0.01 MiB/min          4 MiB/min  ≥ 8.18 MiB/min        45  pass     no

    load: 5500 offered of 5500 intended, 5500 answered, 0 wrong, 0 failed, 0 timed out, 0 dropped; latency p50 0.4 ms, p99 1.7 ms
    full (steady start → end): dns-cache 98 % → 99 %

    files:  soak-results/udp-flood-1
    repeat: leak-soak run --scenario udp-flood --duration 60s
    "
  `);
});

test('an invalid run whose probe failed and whose fds were not read', () => {
  const load = {
    ...(buildManifest().load ?? expect.fail()),
    intended: 9000,
    latencyMs: { p50: null, p99: null },
  };
  const manifest = buildManifest({
    load,
    structures: [{ name: 'dns-cache', atSteadyStart: 0.2, atSteadyEnd: null }],
    probes: [{ at: 'ready', ok: false, message: 'timed out' }],
  });
  expect(textOf(judge(manifest, buildRecording({ columns: { fds: () => null } })))).toMatchInlineSnapshot(`
    "FAIL  udp-flood: the correctness probe failed at ready: timed out

    metric         growth ± 90 %  per op     budget       could see  readings  verdict  decides
    live-heap  0 ± <0.01 MiB/min          1 MiB/min     ≥ 1 MiB/min        45  pass     yes
    rss         0 ± 0.01 MiB/min          4 MiB/min  ≥ 8.18 MiB/min        45  pass     no

    load: 5500 offered of 9000 intended, 5500 answered, 0 wrong, 0 failed, 0 timed out, 0 dropped
    full (steady start → end): dns-cache 20 % → ?

    error: the correctness probe failed at ready: timed out [probe-failed]

    warning: the load generator offered only 61.1 % of the intended operations (5500 of 9000, 0 dropped): lower --rate or free the machine [generator-fell-short]
    note: fds was not read in this run, so its default budget says nothing: name it with --max-growth to insist [budget-dropped]

    files:  soak-results/udp-flood-1
    repeat: leak-soak run --scenario udp-flood --duration 60s
    "
  `);
});

test('an empty run says what to do and fits its reader', () => {
  const text = textOf(judge(buildManifest({ load: null, structures: null }), buildRecording({ seconds: 0 })));
  expect(text).toContain('INCONCLUSIVE  udp-flood: live heap has no reading in the judged window');
});

test('colours are escape codes only when enabled', () => {
  const verdict = judge(buildManifest(), leaking);
  expect(textOf(verdict)).not.toContain(ESCAPE);
  expect(textOf(verdict, createColours(true))).toContain(`${ESCAPE}[31mFAIL`);
});

test('JSON has the verdict without a change, and null for what is not finite', () => {
  const verdict = judge(buildManifest(), leaking);
  expect(JSON.parse(resultJson(verdict))).toEqual(verdict);
  expect(resultJson({ a: Number.NaN, b: [Number.POSITIVE_INFINITY, 1] })).toBe(
    '{\n  "a": null,\n  "b": [\n    null,\n    1\n  ]\n}\n',
  );
});

test('a comparison shows both growth rates, their difference and the levels', () => {
  const [before, after] = [
    { manifest: buildManifest(), recording: buildRecording() },
    { manifest: buildManifest(), recording: leaking },
  ];
  const comparison = comparePairs([{ before, after }]);
  expect(comparisonText(comparison, { colours: PLAIN, before: 'a', after: 'b' })).toMatchInlineSnapshot(`
    "REGRESSED  live heap grows faster than before by 72.3 ± 0.4 MiB/min (tolerance 1 MiB/min)

    before: a
    after:  b

    metric                before               after          difference   effect  tolerance       could see  outcome
    live-heap  0 ± <0.01 MiB/min  72.3 ± 0.4 MiB/min  72.3 ± 0.4 MiB/min  234.4 σ  1 MiB/min  ≥ 1.73 MiB/min  regressed
    fds            0 ± 1.27 /min       0 ± 1.27 /min       0 ± 1.78 /min      0 σ     8 /min     ≥ 11.2 /min  no-difference
    rss         0 ± 0.01 MiB/min    0 ± 0.01 MiB/min    0 ± 0.01 MiB/min      0 σ  4 MiB/min  ≥ 4.02 MiB/min  no-difference (shown only)

    level (median)  before   after                          change   effect
    live-heap       30 MiB  69 MiB  +39 MiB ± 128.6 KiB (+129.9 %)  172.2 σ
    fds                 22      22                     0 ± 0 (0 %)      0 σ
    rss             90 MiB  90 MiB             0 B ± 6.9 KiB (0 %)      0 σ

    peak       before      after                change
    live-heap  30 MiB  101.7 MiB  +71.7 MiB (+238.9 %)
    fds            22         22               0 (0 %)
    rss        90 MiB     90 MiB             0 B (0 %)
    "
  `);
});

test('a refused comparison lists what differs', () => {
  const run = { manifest: buildManifest(), recording: buildRecording() };
  const other = { ...run, manifest: buildManifest({ scenario: 'upstream-loss', plan: { ratePerSec: 7 } }) };
  expect(
    comparisonText(comparePairs([{ before: run, after: other }]), {
      colours: PLAIN,
      before: 'a',
      after: 'b',
    }),
  ).toMatchInlineSnapshot(`
    "REFUSED  the runs are unlike, their growth cannot be compared

    before: a
    after:  b

    setting          before     after
    scenario         udp-flood  upstream-loss
    plan.ratePerSec  100        7

    repeat one of them with the settings of the other, or compare all the same with --force
    "
  `);
});
