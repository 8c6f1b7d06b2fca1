import type { Endpoint } from '../endpoint.js';

/**
 * Where the domains of zones come from that the root of the DNS does not know: a file here, a chain of blocks in seed
 * 000's system.
 */
export interface DomainSource {
  /** The zones it speaks for, in lower case, such as `ygg`. */
  readonly zones: ReadonlySet<string>;
  /** The data of `domain` (`example.ygg`, in lower case) as it is stored: a `Domain` as JSON; null when there is none. */
  find(domain: string): string | null;
}

/** What is known about one domain. */
export interface Domain {
  readonly ttlSec: number;
  readonly records: readonly DomainRecord[];
  /** Servers that answer for it instead, if there are any. */
  readonly nameServers: readonly Endpoint[];
}

/** One record of a domain. */
export interface DomainRecord {
  /** The owner without the domain: `www`, or `@` for the domain itself. */
  readonly name: string;
  readonly type: DomainRecordType;
  /** As in a master file (RFC 1035 §5): an address, a name, `10 mail.example.ygg`, a text. */
  readonly data: string;
}

/** Types that a domain may have records of, with their numbers. */
export const DOMAIN_RECORD_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
} as const;
export type DomainRecordType = keyof typeof DOMAIN_RECORD_TYPES;

/** Finds the data of a domain, from a cache or the source. */
export interface DomainInfo {
  find(domain: string): string | null;
}
