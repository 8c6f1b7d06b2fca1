import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { reasonOf, StartError } from '../errors.js';
import type { Domain, DomainRecord } from './domain-source.js';

/** Where the system keeps its own, `hosts(5)`; in the list of files it is written `system`. */
const SYSTEM_FILE = '/etc/hosts';
/** How long clients may keep what a file says. */
const TTL_SEC = 60;

/** Names and their addresses from files in the form of `hosts(5)`, as domains. Throws `StartError` that names the file. */
export function loadHostsFiles(files: readonly string[]): ReadonlyMap<string, Domain> {
  const records = new Map<string, DomainRecord[]>();
  for (const file of files) {
    for (const line of readLines(file)) {
      const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      const version = isIP(address);
      if (version === 0) continue;
      const type = version === 4 ? 'A' : 'AAAA';
      for (const name of names) {
        const key = name.toLowerCase().replace(/\.$/, '');
        const known = records.get(key) ?? [];
        records.set(key, [...known, { name: '@', type, data: address }]);
      }
    }
  }
  return new Map(
    [...records].map(([name, own]) => [name, { ttlSec: TTL_SEC, records: own, nameServers: [] }]),
  );
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file === 'system' ? SYSTEM_FILE : file, 'utf8').split('\n');
  } catch (error) {
    throw new StartError(`[dns] hosts = "${file}": cannot be read (${reasonOf(error)}); check the path`);
  }
}
