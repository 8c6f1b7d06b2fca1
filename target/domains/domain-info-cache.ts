import type { Clock } from '../clock.js';
import { type StructureSize, weighedStructure } from '../ops/structure.js';
import type { DomainInfo } from './domain-source.js';

/** Data is believed for so long before the source is asked again. */
export const DOMAIN_INFO_TTL_MS = 5000;
/** Name under which `/health` lists the cache, whichever implementation is in use. */
export const DOMAIN_INFO_STRUCTURE = 'domain-info-cache';
/** What an entry costs besides its characters: entry, two strings, a place in the hash table. */
const ENTRY_OVERHEAD_BYTES = 160;

interface Entry {
  readonly data: string;
  readonly bytes: number;
  readonly storedAtMs: number;
}

/** A cache in front of the source, so that a busy domain is read once in a while: bounded in bytes, the oldest leave first. */
export class DomainInfoCache implements DomainInfo {
  private readonly source: DomainInfo;
  private readonly maxBytes: number;
  private readonly clock: Clock;
  /** In order of their storing, which is that of their expiry too. */
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  constructor(source: DomainInfo, maxBytes: number, clock: Clock) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  find(domain: string): string | null {
    this.removeExpired();
    const known = this.entries.get(domain);
    if (known !== undefined) return known.data;
    const data = this.source.find(domain);
    if (data !== null) this.store(domain, data);
    return data;
  }

  size(): StructureSize {
    return weighedStructure(DOMAIN_INFO_STRUCTURE, this.entries.size, this.bytes, this.maxBytes);
  }

  private store(domain: string, data: string): void {
    const bytes = ENTRY_OVERHEAD_BYTES + domain.length + data.length;
    if (bytes > this.maxBytes) return;
    this.entries.set(domain, { data, bytes, storedAtMs: this.clock() });
    this.bytes += bytes;
    while (this.bytes > this.maxBytes) this.removeFirst();
  }

  private removeExpired(): void {
    const storedBefore = this.clock() - DOMAIN_INFO_TTL_MS;
    for (const [domain, entry] of this.entries) {
      if (entry.storedAtMs > storedBefore) return;
      this.remove(domain, entry);
    }
  }

  private removeFirst(): void {
    for (const [domain, entry] of this.entries) {
      this.remove(domain, entry);
      return;
    }
  }

  private remove(domain: string, entry: Entry): void {
    this.entries.delete(domain);
    this.bytes -= entry.bytes;
  }
}
