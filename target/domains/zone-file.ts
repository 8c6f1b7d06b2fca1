import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { type Endpoint, parseEndpoint } from '../endpoint.js';
import { reasonOf, StartError } from '../errors.js';
import {
  DOMAIN_RECORD_TYPES,
  type Domain,
  type DomainRecordType,
  type DomainSource,
  isDomainRecordType,
} from './domain-source.js';

const NAME_SERVER_PORT = 53;
const recordType = z.custom<DomainRecordType>(
  (value) => typeof value === 'string' && isDomainRecordType(value),
  {
    message: `expected one of ${Object.keys(DOMAIN_RECORD_TYPES).join(', ')}, or a number such as TYPE65280`,
  },
);

const nameServer = z.string().transform((text, context): Endpoint => {
  const parsed = parseEndpoint(text, NAME_SERVER_PORT);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'expected an IP address and port such as "127.0.0.1:53"' });
  return z.NEVER;
});

const domainSchema = z.strictObject({
  /** With `{n}` in it, it stands for `count` domains, numbered from 0. */
  name: z.string().regex(/^[a-z0-9{}-]+\.[a-z0-9-]+$/, 'expected a domain right below a zone, in lower case'),
  count: z.int().positive().max(10_000_000).default(1),
  ttl_sec: z.int().nonnegative().max(604_800).default(300),
  records: z
    .array(z.strictObject({ name: z.string().default('@'), type: recordType, data: z.string() }))
    .default([]),
  name_servers: z.array(nameServer).default([]),
});
const fileSchema = z.strictObject({
  zones: z.array(z.string()).min(1),
  domain: z.array(domainSchema).default([]),
});
type DomainEntry = z.infer<typeof domainSchema>;

/** Reads a file of domains. Throws `StartError` that names file, key and value. */
export function loadZoneFile(file: string): DomainSource {
  let table: unknown;
  try {
    table = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const [reason] = reasonOf(error).split('\n', 1);
    throw new StartError(`${file}: cannot be read as TOML (${reason}); check [dns] zone_file`);
  }
  const result = fileSchema.safeParse(table);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new StartError(`${file}: ${issue?.path.join('.')}: ${issue?.message}; correct the value`);
  }
  return zoneFileSource(result.data.zones, result.data.domain);
}

function zoneFileSource(zones: readonly string[], entries: readonly DomainEntry[]): DomainSource {
  const single = new Map<string, DomainEntry>();
  const numbered: { pattern: RegExp; entry: DomainEntry }[] = [];
  for (const entry of entries) {
    if (!entry.name.includes('{n}')) single.set(entry.name, entry);
    else
      numbered.push({
        pattern: new RegExp(`^${entry.name.replace('.', '\\.').replace('{n}', '(\\d+)')}$`),
        entry,
      });
  }
  const entryOf = (domain: string): DomainEntry | null => {
    const known = single.get(domain);
    if (known !== undefined) return known;
    for (const { pattern, entry } of numbered) {
      const number = pattern.exec(domain)?.[1];
      if (number !== undefined && Number(number) < entry.count) return entry;
    }
    return null;
  };
  return {
    zones: new Set(zones),
    find: (domain) => {
      const entry = entryOf(domain);
      if (entry === null) return null;
      const { ttl_sec: ttlSec, records, name_servers: nameServers } = entry;
      return JSON.stringify({ ttlSec, records, nameServers } satisfies Domain);
    },
  };
}
