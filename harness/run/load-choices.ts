import { usageError } from '../core/errors.js';
import { inBounds } from './in-bounds.js';
import type { HttpRequest, LoadChoices, Scenario } from './scenario.js';

/** Connections of a load that says nothing of its own, and most that can be asked for. */
const DEFAULT_CONNECTIONS = 50;
const CONNECTIONS = { min: 1, max: 60_000 };

/** Zone of a load that makes no names. */
const NO_ZONE = 'leak-soak.test';

/** The scenario whose whole load is a command. */
const OWN_LOAD = 'own-load';

const GET: HttpRequest = { method: 'GET', headers: {}, body: null };

/** What the load is told beside rate and seed. Throws `usage` for what does not suit the scenario. */
export function resolveChoices(
  { name, defaults }: Scenario,
  options: {
    readonly zone?: string | undefined;
    readonly connections?: number | undefined;
    readonly request?: Partial<HttpRequest> | undefined;
    readonly loadCommand?: readonly [string, ...string[]] | undefined;
  },
): Omit<LoadChoices, 'ratePerSec' | 'seed'> {
  if (options.zone !== undefined && defaults.zone === undefined) {
    throw usageError(`--zone: scenario ${name} makes no DNS names; leave it out`);
  }
  if (options.connections !== undefined && defaults.connections === undefined) {
    throw usageError(`--connections: scenario ${name} holds no connections; leave it out`);
  }
  const zone = options.zone ?? defaults.zone ?? NO_ZONE;
  checkZone(zone);
  const connections = options.connections ?? defaults.connections ?? DEFAULT_CONNECTIONS;
  inBounds('--connections', connections, CONNECTIONS, '');
  const loadCommand = options.loadCommand ?? null;
  if ((loadCommand !== null) !== (name === OWN_LOAD)) {
    throw usageError(
      loadCommand === null
        ? `scenario ${name} needs --load-command "…"`
        : `--load-command is a load of its own, and scenario ${name} is another: leave one of them out`,
    );
  }
  return { zone, connections, request: { ...GET, ...options.request }, loadCommand };
}

/** A zone's labels of 1–63 letters, digits and hyphens; short enough to leave room for the names below it. */
function checkZone(zone: string): void {
  const labels = zone.replace(/\.$/, '').split('.');
  if (zone.length <= 200 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label)))
    return;
  throw usageError(`zone '${zone}' is not a DNS name: labels of letters, digits and hyphens joined by dots`);
}
