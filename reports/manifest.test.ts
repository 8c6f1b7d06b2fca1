import { expect, test } from 'vitest';
import type { HarnessError } from '../harness/core/errors.js';
import { WARNING_IDS } from '../harness/core/warning.js';
import { buildManifest } from '../harness/verdict/fixtures/recording-builder.js';
import { manifestJson, parseManifest } from './manifest.js';

function refusal(text: string): string {
  try {
    parseManifest(text, 'run.json');
  } catch (thrown) {
    expect((thrown as HarnessError).code).toBe('usage');
    return (thrown as HarnessError).message;
  }
  return expect.fail('it was accepted');
}

const changed = (change: object): string => JSON.stringify({ ...buildManifest(), ...change });

test('a manifest comes back as it was written', () => {
  const manifest = buildManifest({
    state: 'running',
    load: null,
    structures: null,
    endedAt: null,
    cadence: {
      intervalMs: 1000,
      collections: 24,
      cpuMsPerCollection: null,
      cpuSharePercent: 3,
      pauseMsPerCollection: 2.5,
    },
    phases: [{ phase: 'steady', startMs: 10, endMs: null }],
    warnings: [{ id: 'watchdog-lost', concerns: 'note', message: 'gone' }],
    targetExit: null,
    attribution: null,
    openDescriptors: null,
  });
  const text = manifestJson(manifest);
  expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,[\s\S]*\}\n$/);
  expect(parseManifest(text, 'run.json')).toEqual(manifest);
});

test('a run that failed, with cycles and a warm-up that ends by itself, comes back as well', () => {
  const manifest = buildManifest({
    rigPid: 4711,
    state: 'failed',
    failure: 'the target did not get ready within 30 s',
    plan: {
      maxDurationMs: 90_000,
      autoWarmUp: true,
      cycles: 4,
      cleanupPeriodMs: 60_000,
      failFast: true,
      gauges: { url: 'http://127.0.0.1:9090/metrics', pprof: null, only: ['jobs'], everyMs: 10_000 },
    },
  });
  expect(parseManifest(manifestJson(manifest), 'run.json')).toEqual(manifest);
});

test('a run whose growth was attributed comes back as well, and one from before without', () => {
  const manifest = buildManifest({
    attribution: {
      engine: 'agent',
      pid: 7,
      operations: 10_007,
      snapshots: [{ file: 'heap/1.heapsnapshot.gz', totalBytes: 5e6, objects: 60_000 }],
      growthBytes: -4,
      culprits: [
        {
          fingerprint: 'b60c0c626ab5',
          kind: 'map',
          name: 'entries',
          className: 'Map',
          structures: 1,
          contents: [{ className: 'DnsRecord', counts: [1, 2, 3] }],
          heldBytes: [10, 20, 30],
          retainedBytes: [10, 20, 30],
          offHeapGrowthBytes: 0,
          share: null,
          growthPerOp: null,
          path: [{ name: 'entries', className: 'Map' }],
          allocationStack: null,
          artefact: false,
          advice: 'bound it',
        },
      ],
    },
    openDescriptors: { loadOn: true, groups: [{ what: 'pipe ends', count: 9 }] },
  });
  expect(parseManifest(manifestJson(manifest), 'run.json')).toEqual(manifest);
  const { attribution: _none, openDescriptors: _nobody, ...before } = buildManifest();
  expect(parseManifest(JSON.stringify(before), 'run.json')).toEqual(buildManifest());
});

test('a manifest from before there were gauges is read as one without', () => {
  const { gauges, ...plan } = buildManifest().plan;
  expect(gauges).toBeNull();
  expect(parseManifest(changed({ plan }), 'run.json')).toEqual(buildManifest());
});

test('fields of a later version are left out', () => {
  expect(parseManifest(changed({ later: true }), 'run.json')).toEqual(buildManifest());
});

test('an empty, corrupt or foreign file is refused with the next move', () => {
  expect(refusal('')).toBe('run.json: the file is empty: give a directory that leak-soak run wrote');
  expect(refusal('{"schemaVersion": 1,')).toContain('run.json: not JSON (');
  expect(refusal('[]')).toContain('field the whole file');
  expect(refusal('{"name":"other"}')).toContain('field schemaVersion');
});

test('the field that is wrong is named', () => {
  expect(refusal(changed({ schemaVersion: 2 }))).toContain('field schemaVersion');
  expect(refusal(changed({ state: 'paused' }))).toContain('field state');
  const { plan } = buildManifest();
  expect(refusal(changed({ plan: { ...plan, durationMs: '60s' } }))).toContain('field plan.durationMs');
  const budgets = [{ metric: 'rss', growthPerMin: 0, explicit: false }];
  expect(refusal(changed({ plan: { ...plan, budgets } }))).toContain('field plan.budgets.0.growthPerMin');
  expect(refusal(changed({ plan: { ...plan, cycles: 0 } }))).toContain('field plan.cycles');
  expect(refusal(changed({ plan: { ...plan, cleanupPeriodMs: 0 } }))).toContain('field plan.cleanupPeriodMs');
  expect(refusal(changed({ failure: undefined }))).toContain('field failure');
});

test('every kind of warning of the harness is accepted', () => {
  const given = WARNING_IDS.map((id) => ({ id, concerns: 'coverage', message: 'm' }));
  expect(parseManifest(changed({ warnings: given }), 'run.json').warnings).toEqual(given);
  expect(refusal(changed({ warnings: [{ id: 'other', concerns: 'note', message: 'm' }] }))).toContain(
    'warnings.0.id',
  );
});
