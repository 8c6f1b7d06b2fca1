import type { DomainSource } from '../domains/domain-source.js';
import type { Endpoint } from '../endpoint.js';
import { type Block, ZONES } from './block.js';
import type { WallClock } from './chain.js';
import { readDomainData, toDomain } from './domain-data.js';
import { identityOf } from './identity.js';
import { DOMAIN_LIFETIME_SEC } from './transaction-rules.js';

/**
 * The domains that a chain knows, for the DNS side. One whose time is over is not answered for. Whoever makes a block
 * names the servers of its domain, so only those are asked that `mayAsk` says may be.
 */
export function chainDomains(
  chain: { latestOf(identity: string): Block | null },
  now: WallClock,
  mayAsk: (server: Endpoint) => boolean,
): DomainSource {
  return {
    zones: ZONES,
    find: (domain) => {
      const block = chain.latestOf(identityOf(domain));
      if (block?.transaction == null || block.timestamp + DOMAIN_LIFETIME_SEC < now()) return null;
      const data = readDomainData(block.transaction.data);
      if (data === null) return null;
      const known = toDomain(domain, data);
      return JSON.stringify({ ...known, nameServers: known.nameServers.filter(mayAsk) });
    },
  };
}
