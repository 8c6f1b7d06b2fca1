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
  /** See `recordData`. */
  readonly data: string;
}

/** Types that a domain's records have by name, with their numbers. */
export const DOMAIN_RECORD_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  TLSA: 52,
  HTTPS: 65,
} as const;
type NamedType = keyof typeof DOMAIN_RECORD_TYPES;
/** One of these, or any other as `TYPE65280` (RFC 3597 §5). */
export type DomainRecordType = NamedType | `TYPE${number}`;

/** True for a text that is a record's type: a name that is known here, or `TYPE` and a number that no other use has. */
export function isDomainRecordType(text: string): text is DomainRecordType {
  if (Object.hasOwn(DOMAIN_RECORD_TYPES, text)) return true;
  const number = Number(/^TYPE(\d{1,5})$/.exec(text)?.[1] ?? 0);
  return number > 0 && number <= 0xffff;
}

/** The number of a type. */
export function typeNumber(type: DomainRecordType): number {
  return type in DOMAIN_RECORD_TYPES
    ? DOMAIN_RECORD_TYPES[type as NamedType]
    : Number(type.slice('TYPE'.length));
}

/** Finds the data of a domain, from a cache or the source. */
export interface DomainInfo {
  find(domain: string): string | null;
}
