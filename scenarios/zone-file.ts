import type { TomlTable } from '../harness/index.js';

/** Name of the node's zone file in the run's folder. */
export const ZONE_FILE = 'zones.toml';

/** The zone, a single label, in which the names of a load lie. */
export function zoneOf(zone: string): string {
  return zone.split('.').at(-1) as string;
}

/** The zone file of a node that answers for the zone of a load, with these domains. */
export function zoneFile(zone: string, domain: readonly TomlTable[]): Readonly<Record<string, TomlTable>> {
  return { [ZONE_FILE]: { zones: [zoneOf(zone)], domain } };
}
