import { rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { stringify } from 'smol-toml';
import { usageError } from '../core/errors.js';
import type { Scenario } from './scenario.js';

/** What the node's settings depend on besides the scenario. */
export interface SettingsAround {
  /** Where the settings go; other files go beside them. */
  readonly configPath: string;
  /** Address of the load's own upstream; null when it has none. */
  readonly upstream: string | null;
  readonly zone: string;
}

/**
 * Writes what the built-in node is started with into the run's folder, which may hold what an earlier run left.
 *
 * Throws `usage` for a scenario that does not suit the node.
 */
export function writeNodeSettings(scenario: Scenario, { configPath, upstream, zone }: SettingsAround): void {
  const { name, targetConfig, ofNode } = scenario;
  if (targetConfig === null || upstream === null) {
    throw usageError(`scenario ${name} does not suit the built-in node: name another target with --command`);
  }
  const folder = dirname(configPath);
  const around = { upstream, folder, zone };
  for (const own of ofNode?.ownFolders ?? []) {
    rmSync(resolve(folder, own), { recursive: true, force: true });
  }
  const files = { ...ofNode?.files?.(around), [basename(configPath)]: targetConfig(around) };
  for (const [file, table] of Object.entries(files)) {
    writeFileSync(resolve(folder, file), stringify(table), { mode: 0o600 });
  }
}
