import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, usageError } from '../../core/errors.js';
import type { TrafficScript } from './traffic.js';

/**
 * What a user's file exports by default.
 *
 * @throws HarnessError `usage` naming the file: it is missing, cannot be evaluated, or exports nothing
 */
export async function importScript(path: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (cause) {
    throw usageError(`--scenario ${path} cannot be loaded: ${whereAndWhat(cause, path)}${hint(path)}`, cause);
  }
  if (module.default !== undefined) return module.default;
  throw usageError(`--scenario ${path} has no default export: write "export default defineScenario({ … })"`);
}

/** What was thrown, and the line of the user's file that it came from where the stack tells. */
export function whereAndWhat(thrown: unknown, path: string): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const at = stack.indexOf(path);
  const place = at < 0 ? undefined : /^:\d+(?::\d+)?/.exec(stack.slice(at + path.length))?.[0];
  const kind = thrown instanceof Error && thrown.name !== 'Error' ? `${thrown.name}: ` : '';
  return `${kind}${messageOf(thrown)}${place === undefined ? '' : ` (${basename(path)}${place})`}`;
}

function hint(path: string): string {
  return /^\.[cm]?ts$/.test(extname(path)) && !(process.features as { typescript?: unknown }).typescript
    ? '; this Node does not run TypeScript: compile it to JavaScript, or use Node 22.18 or newer'
    : '';
}

/**
 * The traffic of a user's file.
 *
 * @throws HarnessError `usage` as `importScript` does, and when there is no traffic in it
 */
export async function importTraffic(path: string): Promise<TrafficScript> {
  const exported = (await importScript(path)) as Partial<TrafficScript> | null;
  if (typeof exported?.traffic === 'function') return exported as TrafficScript;
  throw usageError(`--scenario ${path} has no traffic: add "async traffic({ repeat }) { … }"`);
}
