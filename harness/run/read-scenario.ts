import { resolve } from 'node:path';
import { messageOf, usageError } from '../core/errors.js';
import { importScript } from '../load/script/import-script.js';
import { defineScenario, type Scenario, type ScenarioScript } from './scenario.js';
import { SERVER_BUDGETS } from './server-budgets.js';

const DEFAULTS = { durationMs: 60_000, ratePerSec: 100, timeoutMs: 10_000 } as const;

/**
 * Reads a user's file that exports a scenario by default: one of `defineScenario`, or a plain object like it.
 *
 * @throws HarnessError `usage` naming the file and what is wrong with it
 */
export async function readScenario(path: string): Promise<Scenario> {
  const file = resolve(path);
  const exported = (await importScript(file)) as Partial<Scenario & ScenarioScript> | null;
  try {
    if (typeof exported?.name !== 'string') throw usageError("it has no name: add name: 'my-scenario'");
    if (typeof exported.traffic === 'function')
      return scripted(defineScenario(exported as ScenarioScript), file);
    if (typeof exported.load === 'function') return { ...defineScenario(exported as Scenario), file };
  } catch (cause) {
    throw usageError(`--scenario ${path}: ${messageOf(cause)}`, cause);
  }
  throw usageError(`--scenario ${path} has no traffic: add "async traffic({ repeat }) { … }"`);
}

function scripted(script: ScenarioScript, file: string): Scenario {
  const { name, summary = name, needs = [], budgets = SERVER_BUDGETS, overload = false } = script;
  const { timeoutMs = DEFAULTS.timeoutMs } = script;
  const { durationMs = DEFAULTS.durationMs, ratePerSec = DEFAULTS.ratePerSec } = script.defaults ?? {};
  return {
    name,
    summary,
    exposes: [],
    overload,
    closedModel: true,
    defaults: { durationMs, ratePerSec },
    needs,
    budgets,
    targetConfig: null,
    file,
    load: (choices) => ({
      kind: 'script',
      path: file,
      ratePerSec: choices.ratePerSec,
      ...(choices.rateFlow === null ? {} : { rateFlow: choices.rateFlow }),
      ...(choices.outstanding === null ? {} : { outstanding: choices.outstanding }),
      seed: choices.seed,
      timeoutMs,
    }),
  };
}
