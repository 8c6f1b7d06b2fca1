/** `node records.js FOLDER N1 N2 …`: fills a DNS cache and leaves a heap snapshot at each of these sizes. */
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';

class DnsRecord {
  readonly name: string;
  readonly ttl: number;
  readonly addresses: readonly string[];
  readonly origin: { readonly at: number; readonly by: string };

  constructor(n: number) {
    this.name = `host-${n}.example`;
    this.ttl = n % 3600;
    this.addresses = [`10.0.${(n >> 8) & 255}.${n & 255}`];
    this.origin = { at: n, by: `udp-${n % 7}` };
  }
}

class DnsCache {
  readonly entries = new Map<string, DnsRecord>();
}

const [folder = '.', ...sizes] = process.argv.slice(2);
const cache = new DnsCache();
Object.assign(globalThis, { server: { cache } });
for (const size of sizes.map(Number)) {
  for (let n = cache.entries.size; n < size; n++) cache.entries.set(`host-${n}.example`, new DnsRecord(n));
  writeHeapSnapshot(join(folder, `${size}.heapsnapshot`));
}
