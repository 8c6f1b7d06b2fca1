import { z } from 'zod';
import type { Domain, DomainRecord, DomainRecordType } from '../domains/domain-source.js';
import { ZONES } from './block.js';

/** As many records may a domain have. */
const MAX_RECORDS = 30;
const DEFAULT_TTL_SEC = 3600;
const MAX_TTL_SEC = 604_800;
const NAME_SERVER_PORT = 53;

const common = { domain: z.string(), ttl: z.int().nonnegative().default(DEFAULT_TTL_SEC) };
const word = z.int().min(0).max(0xffff);
const toHost = z.object({ ...common, host: z.string() });
/** Records in ALFIS's form, of the types that are answered; others are kept and not answered. */
const recordSchema = z.union([
  z.object({ type: z.literal('A'), ...common, addr: z.ipv4() }),
  z.object({ type: z.literal('AAAA'), ...common, addr: z.ipv6() }),
  toHost.extend({ type: z.enum(['NS', 'CNAME']) }),
  z.object({ type: z.enum(['TXT', 'PTR']), ...common, data: z.string() }),
  toHost.extend({ type: z.literal('MX'), priority: word }),
  toHost.extend({ type: z.literal('SRV'), priority: word, weight: word, port: word }),
  z.object({ type: z.enum(['SOA', 'UNKNOWN', 'OPT', 'TLSA', 'HTTPS']) }),
]);
type ChainRecord = z.infer<typeof recordSchema>;

const dataSchema = z.object({
  zone: z.string().refine((zone) => ZONES.has(zone)),
  records: z.array(recordSchema).max(MAX_RECORDS).default([]),
});

/** What a transaction says about its domain. */
export type DomainData = z.infer<typeof dataSchema>;

/** Reads a transaction's data; null when it is not what the chain takes. */
export function readDomainData(json: string): DomainData | null {
  try {
    return dataSchema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

/** The data as the DNS side wants it. */
export function toDomain(name: string, { records }: DomainData): Domain {
  const known = records.filter((record) => 'ttl' in record);
  const ttlSec = Math.min(MAX_TTL_SEC, ...known.map(({ ttl }) => ttl));
  return {
    ttlSec: known.length === 0 ? DEFAULT_TTL_SEC : ttlSec,
    records: known.map((record) => toRecord(record, name)),
    nameServers: nameServers(name, known),
  };
}

type KnownRecord = Extract<ChainRecord, { ttl: number }>;

function toRecord(record: KnownRecord, name: string): DomainRecord {
  const owner = record.domain === '' || record.domain === name ? '@' : record.domain;
  return { name: owner, type: record.type satisfies DomainRecordType, data: dataOf(record) };
}

function dataOf(record: KnownRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.addr;
    case 'TXT':
    case 'PTR':
      return record.data;
    case 'MX':
      return `${record.priority} ${record.host}`;
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.host}`;
    default:
      return record.host;
  }
}

/** Servers that the domain names for itself, with the addresses that stand beside them. */
function nameServers(name: string, records: readonly KnownRecord[]): Domain['nameServers'] {
  const hosts = new Set(
    records.flatMap((each) => (each.type === 'NS' && each.domain === '@' ? [each.host] : [])),
  );
  return records.flatMap((each) =>
    (each.type === 'A' || each.type === 'AAAA') && hosts.has(`${each.domain}.${name}`)
      ? [{ address: each.addr, port: NAME_SERVER_PORT }]
      : [],
  );
}
