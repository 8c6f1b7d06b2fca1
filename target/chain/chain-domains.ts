import type { DomainSource } from '../domains/domain-source.js';
import { type Block, ZONES } from './block.js';
import type { WallClock } from './chain.js';
import { readDomainData, toDomain } from './domain-data.js';
import { identityOf } from './identity.js';
import { DOMAIN_LIFETIME_SEC } from './transaction-rules.js';

/** The domains that a chain knows, for the DNS side. One whose time is over is not answered for. */
export function chainDomains(
  chain: { latestOf(identity: string): Block | null },
  now: WallClock,
): DomainSource {
  return {
    zones: ZONES,
    find: (domain) => {
      const block = chain.latestOf(identityOf(domain));
      if (block?.transaction == null || block.timestamp + DOMAIN_LIFETIME_SEC < now()) return null;
      const data = readDomainData(block.transaction.data);
      return data === null ? null : JSON.stringify(toDomain(domain, data));
    },
  };
}
