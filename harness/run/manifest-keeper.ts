import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import type { Manifest } from '../core/manifest.js';
import type { Phase } from '../core/phase.js';
import type { TargetInfo } from '../core/target-info.js';
import type { Warning } from '../core/warning.js';
import { describeMachine, recordedEnvironment } from './machine.js';
import type { ResolvedRun } from './run-options.js';

/** The run's manifest while it grows: each change is handed on at once, so that it survives the rig's death. */
export interface ManifestKeeper {
  current(): Manifest;
  update(change: Partial<Manifest>): void;
  warn(warning: Warning): void;
  /** Ends the phase that lasts, if any, and begins the next; null only ends. */
  enter(phase: Phase | null, atMs: number): void;
}

export interface ManifestOptions {
  readonly run: ResolvedRun;
  readonly target: TargetInfo;
  readonly version: string;
  readonly reproduce: string;
  /** What the environment of the run's processes is chosen from. */
  readonly env: NodeJS.ProcessEnv;
}

export function createManifestKeeper(
  options: ManifestOptions,
  clock: Clock,
  write: (manifest: Manifest) => void,
): ManifestKeeper {
  const { run } = options;
  let manifest: Manifest = {
    schemaVersion: 1,
    leakSoakVersion: options.version,
    runId: randomUUID(),
    rigPid: process.pid,
    state: 'running',
    failure: null,
    startedAt: clock.wallTime().toISOString(),
    endedAt: null,
    scenario: run.scenario.name,
    faults: run.faults,
    plan: run.plan,
    target: options.target,
    environment: recordedEnvironment(run.target, options.env),
    readyAfterMs: null,
    machine: describeMachine(options.env),
    phases: [],
    load: null,
    structures: null,
    probes: [],
    services: [],
    cadence: null,
    ceilingHit: null,
    targetExit: null,
    attribution: null,
    openDescriptors: null,
    warnings: run.warnings,
    reproduce: options.reproduce,
  };
  const update = (change: Partial<Manifest>): void => {
    manifest = { ...manifest, ...change };
    write(manifest);
  };
  write(manifest);

  return {
    current: () => manifest,
    update,
    warn: (warning) => update({ warnings: [...manifest.warnings, warning] }),
    enter: (phase, atMs) => {
      const startMs = Math.round(atMs);
      const closed = manifest.phases.map((span) =>
        span.endMs === null ? { ...span, endMs: startMs } : span,
      );
      update({ phases: phase === null ? closed : [...closed, { phase, startMs, endMs: null }] });
    },
  };
}
