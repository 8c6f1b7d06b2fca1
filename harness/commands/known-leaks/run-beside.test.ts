import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { manifestJson } from '../../../reports/manifest.js';
import type { HarnessError } from '../../core/errors.js';
import type { LeakBaseline } from '../../core/leak-baseline.js';
import type { Manifest } from '../../core/manifest.js';
import type { MetricVerdict, RunVerdict } from '../../core/verdict.js';
import { BUILT_IN } from '../../run/target-spec.js';
import {
  baselineOf,
  knownLeak,
  leakyManifest,
  leakyRun,
} from '../../verdict/known-leaks/fixtures/known-leaks.js';
import { RUN_FILES } from '../files/run-files.js';
import { read, temporaryFolder } from '../fixtures/cli.js';
import { readBaseline, writeBaseline } from './baseline-file.js';
import type { BaselineUse } from './baseline-flags.js';
import { runBeside } from './run-beside.js';
import { settleAgain } from './settle-known.js';

const root = temporaryFolder();
afterAll(() => root.remove());

const RUN = { scenario: { name: 'udp-flood' }, target: BUILT_IN } as const;
const lasting = knownLeak({ expires: '9999-12-31' });
const other = knownLeak({ scenario: 'tcp-storm' });
const updating = { isUpdated: true, reason: null } as const;

/** A finished run in a folder of its own, beside a baseline file with these entries. */
function prepare(baseline: LeakBaseline, use: Omit<BaselineUse, 'path' | 'baseline'>, manifest: Manifest) {
  const folder = mkdtempSync(join(root.path, 'run-'));
  const path = join(folder, 'leaks.json');
  writeBaseline(path, baseline);
  const said: string[] = [];
  const run = (record: (isKnown: (metric: MetricVerdict) => boolean) => void = () => undefined) =>
    runBeside(
      { path, baseline, ...use },
      folder,
      RUN,
      (text) => void said.push(text),
      async (isKnown) => {
        record(isKnown);
        writeFileSync(join(folder, RUN_FILES.manifest), manifestJson(manifest));
        return leakyRun(manifest);
      },
    );
  return { folder, path, said, run, file: () => readBaseline(path).knownLeaks };
}

describe('a run beside a baseline', () => {
  const seen = prepare(baselineOf(lasting, other), { isUpdated: false, reason: null }, leakyManifest());

  test('writes the verdict beside it, and can be judged again without the file', async () => {
    const verdict = await seen.run((isKnown) => {
      const [liveHeap, fds] = leakyRun().metrics;
      if (liveHeap === undefined || fds === undefined) expect.fail();
      expect([isKnown(liveHeap), isKnown({ ...fds, verdict: 'fail' })]).toEqual([true, false]);
    });
    expect(verdict).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(read<RunVerdict>(seen.folder, RUN_FILES.verdict)).toEqual(JSON.parse(JSON.stringify(verdict)));
    expect(settleAgain(leakyRun(), leakyManifest(), seen.folder)).toEqual(verdict);
    expect(seen.said).toEqual([`--baseline ${seen.path}: known to leak here: live-heap`]);
  });

  test('leaves the file as it is', () => {
    expect(seen.file()).toEqual([lasting, other]);
  });
});

describe('a baseline that is updated', () => {
  test('is what the run is judged by, and keeps what another run has written meanwhile', async () => {
    const { run, path, file, folder } = prepare(baselineOf(), updating, leakyManifest());
    const verdict = await run(() => writeBaseline(path, baselineOf(other)));
    expect(verdict).toMatchObject({ verdict: 'pass', exitCode: 0, knownLeaks: [{ state: 'known' }] });
    expect(file().map(({ scenario }) => scenario)).toEqual(['tcp-storm', 'udp-flood']);
    expect(read<LeakBaseline>(folder, RUN_FILES.knownLeaks).knownLeaks).toEqual(file());
  });

  test('stays as it is after a run that is no ground for one, whose own verdict is told', async () => {
    const probes = [{ at: 'settle', ok: false, message: 'timed out' }] as const;
    const { run, file, said } = prepare(baselineOf(other), updating, leakyManifest(undefined, { probes }));
    expect(await run()).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(file()).toEqual([other]);
    expect(said.at(-1)).toMatch(/leaks\.json is as it was, since .*timed out/);
  });

  test('is an error where it could not be written and the run passes: nobody would notice', async () => {
    const unnamed = leakyManifest(undefined, { attribution: null });
    const { run, file, folder } = prepare(baselineOf(knownLeak()), updating, unnamed);
    const error = await run().catch((thrown: HarnessError) => thrown);
    expect(error).toMatchObject({
      code: 'could-not-run',
      message: expect.stringMatching(/no heap snapshots say/),
    });
    expect(file()).toEqual([knownLeak()]);
    expect(JSON.parse(readFileSync(join(folder, RUN_FILES.verdict), 'utf8'))).toMatchObject({
      verdict: 'pass',
    });
  });
});
