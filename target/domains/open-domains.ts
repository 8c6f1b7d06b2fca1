import type { TtlCaps } from '../dns/answer.js';
import type { AnswerCache } from '../dns/answer-cache.js';
import type { Resolver } from '../dns/resolver.js';
import type { DomainParts } from '../parts.js';
import { createDomainResolver } from './domain-resolver.js';
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

/** What the node knows without asking: hosts files, the zone file. Throws `StartError` when one cannot be used. */
export function openDomains(settings: DomainSettings, parts: DomainParts, deps: DomainDeps): Resolver {
  const hosts = loadHostsFiles(settings.hosts);
  const resolver = hosts.size === 0 ? deps.resolver : createHostsResolver(hosts, deps.resolver);
  if (settings.zone_file === undefined) {
    return { resolve: resolver.resolve, structures: () => [], close: () => undefined };
  }
  const source = loadZoneFile(settings.zone_file);
  const info = parts.createInfo(source, deps.clock);
  const delegation = parts.createDelegation(deps.ttlCaps, deps);
  return {
    ...createDomainResolver({ ...deps, resolver, zones: source.zones, info, delegation }),
    structures: () => [info.size(), ...delegation.structures()],
    close: () => delegation.close(),
  };
}
