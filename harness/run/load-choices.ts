import { usageError } from '../core/errors.js';
import { parseRateFlow } from '../load/arrivals.js';
import { DEFAULT_IDENTITY, type PeerIdentity } from '../load/peer/identity.js';
import { inBounds } from './in-bounds.js';
import type { HttpRequest, LoadChoices, Scenario } from './scenario.js';
import type { TargetSpec } from './target-spec.js';

/** Connections of a load that says nothing of its own, and most that can be asked for. */
const DEFAULT_CONNECTIONS = 50;
const CONNECTIONS = { min: 1, max: 60_000 };

const OUTSTANDING = { min: 1, max: 10_000 };
const DRIVERS = { min: 1, max: 16 };

/** Zone of a load that makes no names. */
const NO_ZONE = 'leak-soak.test';

/** The scenario whose whole load is a command. */
const OWN_LOAD = 'own-load';

const GET: HttpRequest = { method: 'GET', headers: {}, body: null };

/** Choices that are the run's plan, not the load's alone. */
type Chosen = Omit<LoadChoices, 'ratePerSec' | 'seed'>;

/** What the caller may choose of a load; what is left out is the scenario's. */
export type LoadOptions = {
  readonly [Name in keyof Omit<Chosen, 'foreign' | 'request' | 'peer'>]?: Chosen[Name] | undefined;
} & {
  readonly request?: Partial<HttpRequest> | undefined;
  readonly peer?: Partial<PeerIdentity> | undefined;
};

/** What the load is told beside rate and seed. Throws `usage` for what does not suit the scenario. */
export function resolveChoices(scenario: Scenario, target: TargetSpec, options: LoadOptions): Chosen {
  const { name, defaults } = scenario;
  const makesNames = defaults.zone !== undefined;
  if (!makesNames) {
    refuse(options.zone, '--zone', `scenario ${name} makes no DNS names`);
    refuse(options.questions, '--names, --queries and --zipf', `scenario ${name} asks no DNS questions`);
  }
  if (scenario.closedModel !== true) {
    refuse(options.outstanding, '--outstanding', `scenario ${name} has no closed model`);
  }
  if (!scenario.needs.includes('doh')) {
    refuse(options.httpVersion, '--http-version', `scenario ${name} asks no DNS over HTTPS`);
  }
  if (!scenario.needs.includes('doh') && !scenario.needs.includes('http')) {
    refuse(options.insecure, '--insecure', `scenario ${name} meets no certificate`);
  }
  if (defaults.connections === undefined) {
    refuse(options.connections, '--connections', `scenario ${name} holds no connections`);
  }
  if (defaults.drivers === undefined) {
    refuse(options.drivers, '--drivers', `scenario ${name} has one driver`);
  }
  if (options.questions !== undefined && target.kind === 'built-in') {
    refuse(
      options.questions,
      '--names, --queries and --zipf',
      'the built-in node is asked for names of its zone',
    );
  }
  if (!scenario.needs.includes('peer')) {
    refuse(options.peer, '--peer-origin and --peer-version', `scenario ${name} calls no ALFIS peer`);
  }
  const peer = { ...DEFAULT_IDENTITY, ...options.peer };
  checkPeer(peer);
  const zone = options.zone ?? defaults.zone ?? NO_ZONE;
  checkZone(zone);
  const connections = options.connections ?? defaults.connections ?? DEFAULT_CONNECTIONS;
  inBounds('--connections', connections, CONNECTIONS, '');
  const rateFlow = options.rateFlow ?? null;
  if (rateFlow !== null) parseRateFlow(rateFlow);
  const outstanding = options.outstanding ?? null;
  if (outstanding !== null) inBounds('--outstanding', outstanding, OUTSTANDING, '');
  checkModel(options);
  const drivers = options.drivers ?? defaults.drivers ?? 1;
  inBounds('--drivers', drivers, DRIVERS, '');
  const loadCommand = options.loadCommand ?? null;
  if ((loadCommand !== null) !== (name === OWN_LOAD)) {
    throw usageError(
      loadCommand === null
        ? `scenario ${name} needs --load-command "…"`
        : `--load-command is a load of its own, and scenario ${name} is another: leave one of them out`,
    );
  }
  const chosen: Chosen = {
    zone,
    connections,
    rateFlow,
    outstanding,
    questions: options.questions ?? null,
    drivers,
    allowRemote: options.allowRemote ?? [],
    foreign: target.kind !== 'built-in',
    httpVersion: options.httpVersion ?? '1.1',
    insecure: options.insecure ?? false,
    request: { ...GET, ...options.request },
    peer,
    loadCommand,
  };
  if (scenario.load({ ratePerSec: 1, seed: 1, ...chosen }).kind === 'mix') {
    const why = `scenario ${name} mixes loads, each with its part of --rate`;
    refuse(options.rateFlow, '--rate-flow', why);
    refuse(options.outstanding, '--outstanding', why);
  }
  return chosen;
}

/** Throws `usage` for flags of the open model beside the one that chooses the closed one. */
function checkModel({ outstanding, rateFlow }: LoadOptions): void {
  if (outstanding !== undefined && rateFlow !== undefined) {
    throw usageError(
      '--outstanding is the closed model, which keeps no rate, and --rate-flow gives one: leave one of them out',
    );
  }
}

/** Throws `usage` for an option that was given where it means nothing. */
function refuse(given: unknown, flag: string, why: string): void {
  if (given !== undefined) throw usageError(`${flag}: ${why}; leave it out`);
}

function checkPeer({ origin, appVersion }: PeerIdentity): void {
  if (!/^([0-9A-F]{64})?$/.test(origin)) {
    throw usageError(`--peer-origin "${origin}" is not the hash of a block: 64 hex digits`);
  }
  if (!/^\d+\.\d+\.\d+$/.test(appVersion)) {
    throw usageError(`--peer-version "${appVersion}" is not a version of ALFIS, e.g. 0.8.8`);
  }
}

/** A zone's labels of 1–63 letters, digits and hyphens; short enough to leave room for the names below it. */
function checkZone(zone: string): void {
  const labels = zone.replace(/\.$/, '').split('.');
  if (zone.length <= 200 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label)))
    return;
  throw usageError(`zone '${zone}' is not a DNS name: labels of letters, digits and hyphens joined by dots`);
}
