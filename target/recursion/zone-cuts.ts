import type { Clock } from '../clock.js';
import { ROOT } from '../dns/relevance.js';
import { type StructureSize, weighedStructure } from '../ops/structure.js';
import type { ZoneCut } from './zone-cut.js';

/** Some ten thousand zones: those that people use, with the servers of each. */
const MAX_BYTES = 8 << 20;
/** What a zone, a server and an address cost besides their characters: objects, strings, a place in the hash table. */
const OVERHEAD_BYTES = 150;

interface Entry {
  readonly cut: ZoneCut;
  readonly bytes: number;
  readonly untilMs: number;
}

/** The zones whose servers are known, the root always among them: bounded in bytes, the least recently used leave first. */
export class ZoneCuts {
  private readonly root: ZoneCut;
  private readonly clock: Clock;
  /** In order of their last use. */
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  constructor(root: ZoneCut, clock: Clock) {
    this.root = root;
    this.clock = clock;
  }

  /** The known zone in which `name` lies deepest. */
  closest(name: string): ZoneCut {
    for (let zone = name; zone !== ROOT; zone = parentOf(zone)) {
      const entry = this.entries.get(zone);
      if (entry === undefined) continue;
      this.entries.delete(zone);
      if (this.clock() < entry.untilMs) {
        this.entries.set(zone, entry);
        return entry.cut;
      }
      this.bytes -= entry.bytes;
    }
    return this.root;
  }

  store(cut: ZoneCut): void {
    this.remove(cut.zone);
    if (cut.ttlSec === 0) return;
    const bytes = bytesOf(cut);
    this.entries.set(cut.zone, { cut, bytes, untilMs: this.clock() + cut.ttlSec * 1000 });
    this.bytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= MAX_BYTES) return;
      this.remove(oldest);
    }
  }

  /** Forgets a zone, so that its parent is asked again: none of its servers was of use. */
  remove(zone: string): void {
    const entry = this.entries.get(zone);
    if (entry === undefined) return;
    this.entries.delete(zone);
    this.bytes -= entry.bytes;
  }

  size(): StructureSize {
    return weighedStructure('dns-zone-cuts', this.entries.size, this.bytes, MAX_BYTES);
  }
}

/** The name without its first label. */
export function parentOf(name: string): string {
  return name.slice(name.charCodeAt(0) + 1);
}

function bytesOf({ zone, servers }: ZoneCut): number {
  return servers.reduce(
    (sum, { name, addresses }) => sum + OVERHEAD_BYTES + name.length + addresses.length * OVERHEAD_BYTES,
    OVERHEAD_BYTES + zone.length,
  );
}
