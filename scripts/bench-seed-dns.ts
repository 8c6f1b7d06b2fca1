/**
 * The figures of seed 000's DNS part beside ours: `npm run bench:seed-dns -- [--seconds 60] [--rate 8000] [--limit-mb 100]
 * [--connections 200] [--tcp-seconds 20]`. Before is the node with the leak, after the fixed one, each alone and at the same
 * rate. The seed's were taken on a Raspberry Pi 4, in Rust, at a rate that it does not state: what can be compared is the
 * shape, growth without end against a level that the limit sets. The fixed node's cache is filled before it is measured.
 */
import { scriptArguments, wholeNumber } from './script-arguments.js';
import type { Leg } from './seeds/leg.js';
import { cacheLeg, tcpLeg } from './seeds/seed-dns.js';

const values = scriptArguments(
  'usage: npm run bench:seed-dns -- [--seconds 60] [--rate 8000] [--limit-mb 100] [--connections 200] [--tcp-seconds 20]',
  {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '8000' },
    'limit-mb': { type: 'string', default: '100' },
    connections: { type: 'string', default: '200' },
    'tcp-seconds': { type: 'string', default: '20' },
  },
);
const seconds = wholeNumber('seconds', values.seconds);
const rate = wholeNumber('rate', values.rate);
const limitMb = wholeNumber('limit-mb', values['limit-mb']);
const connections = wholeNumber('connections', values.connections);
const tcpSeconds = wholeNumber('tcp-seconds', values['tcp-seconds']);

const before = await cacheLeg('before', rate, seconds, limitMb);
const after = await cacheLeg('after', rate, seconds, limitMb);
const tcpBefore = await tcpLeg('before', connections, tcpSeconds);
const tcpAfter = await tcpLeg('after', connections, tcpSeconds);

heading(`DNS cache, ${rate} new names/s for ${seconds} s, limit ${limitMb} MB`);
beside('before: memory', '39 -> 455 MB in minutes', `${span(before)} MiB at ${rateOf(before)}/s`);
beside('before: growth', '34-409 MB/min', perMin(before));
beside(
  'after: memory',
  '9-109 MB',
  `${span(after)} MiB at ${rateOf(after)}/s, at most ${after.mostMib.toFixed(0)}`,
);
beside('after: growth, cache full', '0-34 MB/min', perMin(after));
beside(
  'queries',
  '100 000+',
  `${before.total} before, ${after.total} after, ${before.wrong + after.wrong} wrong answers`,
);
beside(
  'resolution time, cached',
  'unchanged',
  `p50 ${before.cachedP50Ms} ms before, ${after.cachedP50Ms} ms after`,
);

heading(`TCP server, ${connections} silent connections/s for ${tcpSeconds} s`);
beside('before: memory, descriptors', 'accumulate without end', tcpFigures(tcpBefore));
beside('after: memory, descriptors', 'stable near 16 MB', tcpFigures(tcpAfter));

function heading(text: string): void {
  console.log(`\n${text}`);
  beside('', "seed's", 'ours');
}

function beside(what: string, seed: string, ours: string): void {
  console.log(`  ${what.padEnd(30)}${seed.padEnd(28)}${ours}`);
}

function span({ idleMib, endMib }: Leg): string {
  return `${idleMib.toFixed(0)} -> ${endMib.toFixed(0)}`;
}

function rateOf({ perSec }: Leg): string {
  return String(Math.round(perSec));
}

function perMin({ mibPerMin }: Leg): string {
  return `${mibPerMin.toFixed(1)} MiB/min while it was measured`;
}

function tcpFigures(leg: Leg): string {
  const growth = (leg.endMib - leg.idleMib).toFixed(0);
  return `${span(leg)} MiB (+ ${growth}), ${leg.descriptors} descriptors after ${leg.total} connections`;
}
