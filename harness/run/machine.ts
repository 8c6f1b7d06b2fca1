import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { MachineInfo } from '../core/manifest.js';
import { withoutSecrets } from '../core/secrets.js';
import type { TargetSpec } from './target-spec.js';

/** Settings that change how memory behaves and may reach the target; nothing else of the environment is recorded. */
const ALLOCATOR_VARIABLES = /^(MALLOC_.*|GLIBC_TUNABLES|LD_PRELOAD|NODE_OPTIONS)$/;

/** What the target's environment keeps of ours: enough to run, nothing secret. */
const KEPT_VARIABLES = /^(PATH|HOME|LANG|LC_.*|TZ|TMPDIR|LD_LIBRARY_PATH)$/;

export function describeMachine(env: NodeJS.ProcessEnv = process.env): MachineInfo {
  const cores = cpus();
  return {
    platform: platform(),
    kernel: release(),
    arch: arch(),
    cpu: cores[0]?.model ?? 'unknown',
    cpuCount: cores.length,
    memoryBytes: totalmem(),
    node: process.version,
    allocatorEnv: pick(env, ALLOCATOR_VARIABLES),
  };
}

/** The environment that the processes of a run are given. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return { ...pick(env, KEPT_VARIABLES), ...pick(env, ALLOCATOR_VARIABLES) };
}

/** What of a target's environment goes on record; null for a target that the run does not start. */
export function recordedEnvironment(
  target: TargetSpec,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> | null {
  if (target.kind === 'attached') return null;
  const whole = { ...childEnvironment(env), ...(target.kind === 'command' ? target.env : {}) };
  return Object.fromEntries(
    Object.entries(whole).map(([name, value]) => [name, withoutSecrets(name, value)]),
  );
}

function pick(env: NodeJS.ProcessEnv, names: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => names.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
