import type { TtlCaps } from '../dns/answer.js';
import type { AnswerCache } from '../dns/answer-cache.js';
import type { Resolver } from '../dns/resolver.js';
import type { DomainParts } from '../parts.js';
import { createDomainResolver } from './domain-resolver.js';
import type { DomainSource } from './domain-source.js';
import { loadHostsFiles } from './hosts-file.js';
import { createHostsResolver } from './hosts-resolver.js';
import type { DelegationDeps } from './shared-delegation.js';
import { loadZoneFile } from './zone-file.js';

/** What is known without asking, named as in the file. */
export interface DomainSettings {
  readonly hosts: readonly string[];
  readonly zone_file?: string | undefined;
}

/** What the domains are answered with. */
export interface DomainDeps extends DelegationDeps {
  /** For every other name. */
  readonly resolver: Pick<Resolver, 'resolve'>;
  readonly ttlCaps: TtlCaps;
  readonly cache: AnswerCache;
}

/** What the node knows without asking: hosts files, the zone file, the chain. Throws `StartError` when a file cannot be used. */
export function openDomains(
  settings: DomainSettings,
  chain: DomainSource | null,
  parts: DomainParts,
  deps: DomainDeps,
): Resolver {
  const hosts = loadHostsFiles(settings.hosts);
  const resolver = hosts.size === 0 ? deps.resolver : createHostsResolver(hosts, deps.resolver);
  const file = settings.zone_file === undefined ? null : loadZoneFile(settings.zone_file);
  const source = file !== null && chain !== null ? bothSources(file, chain) : (file ?? chain);
  if (source === null) {
    return { resolve: resolver.resolve, structures: () => [], close: () => undefined };
  }
  const info = parts.createInfo(source, deps.clock);
  const delegation = parts.createDelegation(deps.ttlCaps, deps);
  return {
    ...createDomainResolver({ ...deps, resolver, zones: source.zones, info, delegation }),
    structures: () => [info.size(), ...delegation.structures()],
    close: () => delegation.close(),
  };
}

/** Two sources as one; what the first one knows goes before what the second one does. */
function bothSources(first: DomainSource, second: DomainSource): DomainSource {
  return {
    zones: new Set([...first.zones, ...second.zones]),
    find: (domain) => first.find(domain) ?? second.find(domain),
  };
}
