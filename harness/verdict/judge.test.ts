import { expect, test } from 'vitest';
import type { TargetExit } from '../core/manifest.js';
import type { RunVerdict } from '../core/verdict.js';
import type { Warning } from '../core/warning.js';
import { BUDGETS, buildManifest, buildRecording, MIB } from './fixtures/recording-builder.js';
import { judge } from './judge.js';

const LEAKING = buildRecording({ columns: { live_heap_bytes: (t) => 30 * MIB + 70 * MIB * t } });
const LOAD = buildManifest().load ?? expect.fail('no load');
const CRASH: TargetExit = {
  code: 134,
  signal: null,
  expected: false,
  zombie: false,
  servedBy: null,
  killed: false,
  memoryLimit: null,
  oomKill: false,
  output: null,
  lastLines: ['FATAL'],
};

const ids = (verdict: RunVerdict) => ({
  findings: verdict.findings.map(({ id }) => id),
  warnings: verdict.warnings.map(({ id }) => id),
});

test('a healthy run passes with exit 0 and nothing to say', () => {
  const verdict = judge(buildManifest(), buildRecording());
  expect(verdict).toMatchObject({ verdict: 'pass', exitCode: 0, fault: null, findings: [], warnings: [] });
  expect(verdict.metrics.map(({ metric, verdict: outcome, decides }) => [metric, outcome, decides])).toEqual([
    ['live-heap', 'pass', true],
    ['fds', 'pass', true],
    ['rss', 'pass', false],
  ]);
});

test('a leaking run fails with exit 1 and names its faults', () => {
  const verdict = judge(buildManifest({ faults: ['dns-cache-names', 'dns-in-flight'] }), LEAKING);
  expect(verdict).toMatchObject({ verdict: 'fail', exitCode: 1, fault: 'dns-cache-names,dns-in-flight' });
});

test('a run without a steady phase is inconclusive with exit 2', () => {
  const verdict = judge(buildManifest(), buildRecording({ seconds: 8 }));
  expect(verdict).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  expect(ids(verdict).warnings).toEqual(['few-samples']);
});

test('a recording without a row is inconclusive', () => {
  expect(judge(buildManifest(), buildRecording({ seconds: 0 }))).toMatchObject({
    verdict: 'inconclusive',
    exitCode: 2,
  });
});

test('a target that went away is exit 3, whatever its probes said', () => {
  const verdict = judge(
    buildManifest({ targetExit: CRASH, probes: [{ at: 'settle', ok: false, message: 'no answer' }] }),
    buildRecording(),
  );
  expect(verdict).toMatchObject({ verdict: 'error', exitCode: 3 });
  expect(verdict.findings[0]?.message).toContain('exit code 134; its last lines (target.log):\n  FATAL');
});

test('a target that went away after its samples failed died of growth: exit 1', () => {
  const verdict = judge(buildManifest({ targetExit: CRASH }), LEAKING);
  expect(verdict).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(ids(verdict).findings).toEqual(['died-of-growth']);
});

test('a memory limit counts as growth only when something grew before it', () => {
  const limit = buildManifest({ targetExit: { ...CRASH, memoryLimit: 'FATAL ERROR: out of memory' } });
  const short = buildRecording({
    seconds: 5,
    columns: { live_heap_bytes: (_, row) => (30 + 40 * row) * MIB },
  });
  expect(judge(limit, short)).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(judge(limit, short).findings[0]?.message).toContain('live-heap grew from 30 MiB to 190 MiB');
  expect(judge(limit, buildRecording())).toMatchObject({ verdict: 'error', exitCode: 3 });
  const lettingGo = buildRecording({
    seconds: 5,
    columns: { live_heap_bytes: (_, row) => (row === 4 ? 31 : 30 + 40 * row) * MIB },
  });
  expect(judge(limit, lettingGo).findings[0]?.message).toContain('live-heap grew from 30 MiB to 150 MiB');
});

test('a SIGKILL that the kernel may have sent is told from any other', () => {
  const killed = { ...CRASH, code: null, signal: 'SIGKILL' };
  const grown = buildRecording({ seconds: 5, columns: { rss_bytes: (_, row) => (30 + 40 * row) * MIB } });
  const end = (exit: Partial<TargetExit>): RunVerdict =>
    judge(buildManifest({ targetExit: { ...killed, ...exit } }), grown);
  expect(end({ oomKill: true })).toMatchObject({ exitCode: 1, findings: [{ id: 'died-of-growth' }] });
  expect(end({ oomKill: null })).toMatchObject({ exitCode: 3, findings: [{ id: 'target-died' }] });
  expect(end({ oomKill: null }).findings[0]?.message).toMatch(/perhaps by the kernel's OOM killer/);
  expect(end({ oomKill: false }).findings[0]?.message).not.toMatch(/OOM/);
  expect(end({ oomKill: true, code: 5, signal: null }).findings[0]?.message).not.toMatch(/OOM/);
});

test('a server that was started again in mid-run is exit 3, one left in the background as well', () => {
  const end = (exit: Partial<TargetExit>): RunVerdict =>
    judge(buildManifest({ targetExit: { ...CRASH, servedBy: 77, ...exit } }), buildRecording());
  expect(end({})).toMatchObject({ exitCode: 3, findings: [{ id: 'target-restarted' }] });
  expect(end({ code: 0 })).toMatchObject({ exitCode: 3, findings: [{ id: 'target-died' }] });
  expect(end({ code: 0 }).findings[0]?.message).toMatch(/process 77 serves on in the background/);
});

test('a zombie is called one', () => {
  const exit = { ...CRASH, zombie: true };
  expect(judge(buildManifest({ targetExit: exit }), buildRecording()).findings[0]?.message).toMatch(
    /exit code 134, left a zombie/,
  );
});

test('a target that served late is told of, and judged as any other', () => {
  const late = judge(buildManifest({ readyAfterMs: 5_140 }), buildRecording());
  expect(late).toMatchObject({ verdict: 'pass', exitCode: 0 });
  expect(late.findings).toMatchObject([{ id: 'target-listened-late', severity: 'info' }]);
  expect(late.findings[0]?.message).toContain('served only 5.1 s after its launch');
  expect(judge(buildManifest({ readyAfterMs: null }), buildRecording()).findings).toEqual([]);
});

test('what the target did with its output is told, and changes nothing', () => {
  const [fine = expect.fail('no exit')] = [buildManifest().targetExit ?? undefined];
  const output = { bytes: 200e6, cut: true, closedEarly: true };
  const verdict = judge(buildManifest({ targetExit: { ...fine, output } }), buildRecording());
  expect(verdict).toMatchObject({ verdict: 'pass', exitCode: 0 });
  expect(ids(verdict).findings).toEqual(['target-log-cut', 'target-output-closed']);
});

test('a rig that failed is exit 3 even beside a leak', () => {
  expect(judge(buildManifest({ state: 'failed' }), LEAKING)).toMatchObject({ verdict: 'error', exitCode: 3 });
});

test('a run that could not be carried out is an error with its reason, whatever was recorded', () => {
  const manifest = buildManifest({
    state: 'failed',
    failure: 'the target did not get ready within 30 s',
    faults: ['dns-cache-names'],
  });
  const verdict = judge(manifest, LEAKING);
  expect(verdict).toMatchObject({ verdict: 'error', exitCode: 3, fault: 'dns-cache-names', metrics: [] });
  expect(verdict.findings).toEqual([
    { id: 'could-not-run', severity: 'error', message: 'the target did not get ready within 30 s' },
  ]);
  expect(judge(manifest, buildRecording({ seconds: 0 }))).toMatchObject({ verdict: 'error', exitCode: 3 });
});

test('an interrupted run keeps its verdict and exits 130', () => {
  const interrupted = buildManifest({ state: 'interrupted' });
  expect(judge(interrupted, buildRecording())).toMatchObject({ verdict: 'pass', exitCode: 130 });
  expect(judge(interrupted, LEAKING)).toMatchObject({ verdict: 'fail', exitCode: 130 });
});

test('a target that survives and fails its probe is exit 1, however flat', () => {
  const verdict = judge(
    buildManifest({ probes: [{ at: 'settle', ok: false, message: 'no answer in 2 s' }] }),
    buildRecording(),
  );
  expect(verdict).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(verdict.findings[0]?.message).toBe('the correctness probe failed at settle: no answer in 2 s');
});

test('a plateau with missing answers is not a pass, unless overload was meant', () => {
  const load = { ...LOAD, answered: 5000, timeouts: 500 };
  expect(judge(buildManifest({ load }), buildRecording())).toMatchObject({ verdict: 'fail', exitCode: 1 });
  expect(judge(buildManifest({ load, plan: { overload: true } }), buildRecording()).exitCode).toBe(0);
  const idle = { ...LOAD, intended: 0, offered: 0, answered: 0 };
  expect(judge(buildManifest({ load: idle }), buildRecording()).exitCode).toBe(0);
});

test('a generator that was late, or lost answers itself, makes a run invalid and accuses nobody else', () => {
  const generator = { io: 'mmsg', scheduleErrorP99Ms: 4, cpuMs: 900, kernelDrops: 0 };
  const judged = (changes: object, load: object = {}) =>
    judge(
      buildManifest({ load: { ...LOAD, ...load, generator: { ...generator, ...changes } } }),
      buildRecording(),
    );
  expect(judged({}).exitCode).toBe(0);
  const late = judged({ scheduleErrorP99Ms: 400 });
  expect(late).toMatchObject({ verdict: 'invalid', exitCode: 2 });
  expect(late.warnings[0]?.message).toMatch(/1 % of the operations left 400 ms or more after their time/);
  const lossy = judged({ kernelDrops: 500 }, { answered: LOAD.offered - 500, timeouts: 500 });
  expect(lossy).toMatchObject({ verdict: 'invalid', findings: [] });
  expect(lossy.warnings[0]?.message).toMatch(/lost 500 answers because it did not read them in time/);
  expect(judged({ scheduleErrorP99Ms: null, kernelDrops: null }).exitCode).toBe(0);
});

test('one wrong answer is a finding', () => {
  const verdict = judge(buildManifest({ load: { ...LOAD, wrong: 1 } }), buildRecording());
  expect(ids(verdict).findings).toEqual(['wrong-answers']);
  expect(verdict.exitCode).toBe(1);
});

test('one failed operation is a finding, unless overload is declared', () => {
  const failed = { load: { ...LOAD, errors: 1 } };
  expect(ids(judge(buildManifest(failed), buildRecording())).findings).toEqual(['failed-operations']);
  const manifest = buildManifest(failed);
  const overloaded = { ...manifest, plan: { ...manifest.plan, overload: true } };
  expect(ids(judge(overloaded, buildRecording())).findings).toEqual([]);
});

test('what was in flight when the rig was killed is not missing, what was lost before is', () => {
  const running = buildManifest({ state: 'running', load: null, probes: [] });
  const behind = (operations: number) =>
    buildRecording({ drainFromSec: 60, columns: { answered: (t) => Math.max(0, 6000 * t - operations) } });
  expect(ids(judge(running, behind(200))).findings).toEqual([]);
  expect(ids(judge(running, behind(2000))).findings).toEqual(['answers-missing']);
});

test('a killed rig leaves a recording that can fail but not pass', () => {
  const running = buildManifest({ state: 'running', load: null });
  expect(judge(running, buildRecording())).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  expect(judge(running, LEAKING)).toMatchObject({ verdict: 'fail', exitCode: 1 });
});

test('without a summary the load is that of the last row, its latency unknown', () => {
  const { load } = judge(buildManifest({ load: null }), buildRecording());
  expect(load).toMatchObject({ offered: 5500, answered: 5500, latencyMs: { p50: null, p99: null } });
  const without = buildRecording({ columns: { offered: () => null } });
  expect(judge(buildManifest({ load: null }), without).load).toBeNull();
});

test('a generator that fell short makes a pass invalid and excuses no fail', () => {
  const load = { ...LOAD, intended: 6000 };
  const verdict = judge(buildManifest({ load }), buildRecording());
  expect(verdict).toMatchObject({ verdict: 'invalid', exitCode: 2 });
  expect(verdict.warnings[0]?.message).toContain('only 91.7 % of the intended operations');
  expect(judge(buildManifest({ load }), LEAKING)).toMatchObject({ verdict: 'fail', exitCode: 1 });
});

test('a structure that filled up takes a fail away, whose growth may be filling; one that never was full also a pass', () => {
  const filling = (atSteadyStart: number, atSteadyEnd: number, recording = buildRecording()) =>
    judge(buildManifest({ structures: [{ name: 'dns-cache', atSteadyStart, atSteadyEnd }] }), recording);
  expect(filling(0.3, 0.9)).toMatchObject({ verdict: 'pass', exitCode: 0 });
  expect(filling(0.3, 0.6)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  expect(filling(0.3, 0.9).warnings[0]?.message).toContain('30 % when steady began, 90 % when it ended');
  expect(filling(0.3, 0.9, LEAKING)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  expect(filling(0.8, 0.89).verdict).toBe('inconclusive');
});

test('a structure that hardly filled, or was nearly full when steady began, takes nothing away', () => {
  const filling = (atSteadyStart: number, atSteadyEnd: number, recording = buildRecording()) =>
    judge(buildManifest({ structures: [{ name: 'dns-cache', atSteadyStart, atSteadyEnd }] }), recording);
  expect(filling(0.3, 0.33).verdict).toBe('pass');
  expect(filling(0.93, 1).verdict).toBe('pass');
  expect(filling(0.93, 1, LEAKING).verdict).toBe('fail');
});

test('a rise of RSS by what a process settles by fails no run by default, and does when it was named', () => {
  const settling = buildRecording({
    columns: { rss_bytes: (t, row) => (90 + 6 * t + 0.01 * (row % 7)) * MIB },
  });
  expect(judge(buildManifest(), settling).verdict).toBe('pass');
  const rss = judge(buildManifest(), settling).metrics.find(({ metric }) => metric === 'rss');
  expect(rss).toMatchObject({ verdict: 'inconclusive', decides: false });
  expect(rss?.reason).toContain('but by less than the 6 MiB that a process settles by');
  const budgets = BUDGETS.map((budget) => ({ ...budget, explicit: budget.metric === 'rss' }));
  expect(judge(buildManifest({ plan: { budgets } }), settling).verdict).toBe('fail');
});

test('one gap is noted, many missing rows take a pass away', () => {
  const gap = (lost: number) =>
    judge(buildManifest(), buildRecording({ keep: (row) => row < 30 || row >= 30 + lost }));
  expect(gap(2)).toMatchObject({ verdict: 'pass', warnings: [{ id: 'gaps', concerns: 'note' }] });
  expect(gap(2).warnings[0]?.message).toContain('the longest 3 s, 2 rows missing');
  expect(gap(10)).toMatchObject({
    verdict: 'inconclusive',
    warnings: [{ id: 'gaps', concerns: 'coverage' }],
  });
});

test.each([
  ['note', 'pass', 'fail'],
  ['coverage', 'inconclusive', 'fail'],
  ['reading', 'inconclusive', 'inconclusive'],
] as const)('a warning that concerns %s leaves a pass %s and a fail %s', (concerns, pass, fail) => {
  const warning: Warning = { id: 'watchdog-lost', concerns, message: 'given' };
  expect(judge(buildManifest(), buildRecording(), [warning]).verdict).toBe(pass);
  expect(judge(buildManifest({ warnings: [warning] }), LEAKING).verdict).toBe(fail);
});

test('a silent agent leaves RSS to decide, and takes a pass away', () => {
  const blind = { live_heap_bytes: () => null, heap_used_bytes: () => null };
  const flat = judge(buildManifest(), buildRecording({ columns: blind }));
  expect(ids(flat).warnings).toEqual(['agent-missing']);
  expect(flat.metrics.find(({ metric }) => metric === 'rss')?.decides).toBe(true);
  expect(flat.verdict).toBe('inconclusive');
  const growing = buildRecording({ columns: { ...blind, rss_bytes: (t) => 90 * MIB + 60 * MIB * t } });
  expect(judge(buildManifest(), growing)).toMatchObject({ verdict: 'fail', exitCode: 1 });
});

test('of a target that is no Node process no heap is missed, and what was not read beside it still is', () => {
  const { target } = buildManifest();
  const foreign = buildManifest({ target: { ...target, kind: 'command', isNode: false } });
  const native = { live_heap_bytes: () => null, heap_used_bytes: () => null };
  expect(judge(foreign, buildRecording({ columns: native })).warnings).toEqual([]);
  const without = buildRecording({ columns: { ...native, fds: () => null } });
  expect(judge(foreign, without).warnings).toMatchObject([
    { id: 'budget-dropped', message: expect.stringMatching(/^fds was not read/) },
  ]);
});

test('a watch that cannot tell, or fails on native memory, advises what a watch can do', () => {
  const { target } = buildManifest();
  const watch = buildManifest({
    plan: { ratePerSec: 0 },
    target: { ...target, kind: 'attached', isNode: false },
    load: null,
  });
  const short = judge(watch, buildRecording({ seconds: 18 }));
  const texts = [...short.warnings.map(({ message }) => message), ...short.metrics.map((m) => m.reason)];
  expect(texts.join('\n')).toContain('watch longer or sample more often (--duration, --every)');
  expect(texts.join('\n')).not.toContain('--sample-every');
  const native = { live_heap_bytes: () => null, heap_used_bytes: () => null };
  const growing = buildRecording({ columns: { ...native, rss_bytes: (t) => 90 * MIB + 60 * MIB * t } });
  const [grown] = judge(watch, growing).classes;
  expect(grown?.advice).toMatch(/starting it with MALLOC_ARENA_MAX=2/);
  expect(judge({ ...watch, target }, growing).classes[0]?.advice).toMatch(/--confirm-allocator/);
});

test('RSS beside live heap can fail a run but not hold it up', () => {
  const clear = buildRecording({ columns: { rss_bytes: (t) => 90 * MIB + 60 * MIB * t } });
  expect(judge(buildManifest(), clear)).toMatchObject({ verdict: 'fail', exitCode: 1 });
  const noisy = buildRecording({ columns: { rss_bytes: (_, row) => (90 + ((row * 13) % 29)) * MIB } });
  const verdict = judge(buildManifest(), noisy);
  expect(verdict.metrics.find(({ metric }) => metric === 'rss')).toMatchObject({
    verdict: 'inconclusive',
    decides: false,
  });
  expect(verdict.verdict).toBe('pass');
});

test('RSS that was named does hold up a run', () => {
  const noisy = buildRecording({ columns: { rss_bytes: (_, row) => (90 + ((row * 13) % 29)) * MIB } });
  const budgets = BUDGETS.map((budget) => ({ ...budget, explicit: budget.metric === 'rss' }));
  expect(judge(buildManifest({ plan: { budgets } }), noisy)).toMatchObject({
    verdict: 'inconclusive',
    exitCode: 2,
  });
});

test('a named metric that was not read makes the run inconclusive, a default one is dropped', () => {
  const without = buildRecording({ columns: { fds: () => null } });
  const dropped = judge(buildManifest(), without);
  expect(dropped).toMatchObject({ verdict: 'pass', warnings: [{ id: 'budget-dropped' }] });
  expect(dropped.metrics.map(({ metric }) => metric)).toEqual(['live-heap', 'rss']);
  const budgets = BUDGETS.map((budget) => ({ ...budget, explicit: budget.metric === 'fds' }));
  const insisted = judge(buildManifest({ plan: { budgets } }), without);
  expect(insisted).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
});

test('a target that had to be killed is mentioned and nothing more', () => {
  const exit: TargetExit = { ...CRASH, code: null, signal: 'SIGKILL', expected: true, killed: true };
  const verdict = judge(buildManifest({ targetExit: exit }), buildRecording());
  expect(verdict).toMatchObject({
    verdict: 'pass',
    findings: [{ id: 'target-ignored-sigterm', severity: 'warning' }],
  });
});
