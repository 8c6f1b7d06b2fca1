import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunVerdict } from '../../core/verdict.js';
import type { ResolvedRun } from '../../run/run-options.js';
import { runScenario } from '../../run/run-scenario.js';
import { classifyAllocator, FEW_ARENAS, needsConfirmation } from '../../verdict/classify-allocator.js';
import { type Display, shownSinks } from '../display.js';
import { openRunDirectory } from '../files/run-directory.js';
import { CONFIRM_FOLDER, RUN_FILES } from '../files/run-files.js';
import { makeRunFolder } from '../files/run-folder.js';
import { VERSION } from '../version.js';
import { reproduceCommand } from './reproduce.js';

/**
 * Repeats a run that failed on memory outside heap and buffers, with two arenas for glibc's allocator in the
 * environment of its processes (mallopt(3), M_ARENA_MAX), into `confirm-allocator/` below its folder. Hands back
 * the first verdict, its class named by what the second run shows; one that needs no explanation as it is.
 */
export async function confirmAllocator(
  first: RunVerdict,
  resolved: ResolvedRun,
  folder: string,
  display: Omit<Display, 'stop'>,
  signal: AbortSignal,
): Promise<RunVerdict> {
  if (!needsConfirmation(first) || signal.aborted) return first;
  if (/^[12]$/.test(process.env.MALLOC_ARENA_MAX ?? '')) {
    display.notice('--confirm-allocator: MALLOC_ARENA_MAX is that small already, so the run is not repeated');
    return first;
  }
  display.notice(`--confirm-allocator: the run is repeated with ${FEW_ARENAS}`);
  const directory = openRunDirectory(makeRunFolder(join(folder, CONFIRM_FOLDER), false));
  try {
    const second = await runScenario(
      { ...resolved, snapshots: { ...resolved.snapshots, when: 'off' } },
      {
        sinks: shownSinks(directory.sinks, display),
        version: VERSION,
        reproduce: `${FEW_ARENAS} ${reproduceCommand(resolved)}`,
        env: { ...process.env, ...fewArenas() },
      },
      signal,
    );
    directory.writeVerdict(second);
    return second.exitCode === 130 ? { ...first, exitCode: 130 } : classifyAllocator(first, second);
  } finally {
    directory.close();
  }
}

/** The folder of the repeated run below that of a run; null when it was not repeated. */
export function confirmingRun(directory: string): string | null {
  const folder = join(directory, CONFIRM_FOLDER);
  return existsSync(join(folder, RUN_FILES.manifest)) ? folder : null;
}

function fewArenas(): NodeJS.ProcessEnv {
  const [name = '', value = ''] = FEW_ARENAS.split('=');
  return { [name]: value };
}
