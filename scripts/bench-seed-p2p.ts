/**
 * The figures of seed 000's part on peers beside ours: `npm run bench:seed-p2p -- [--seconds 120] [--rate 2000] [--messages 50]`.
 * Before is the node with the leak, after the fixed one, each alone and at the same rate; the fixed one is under that
 * load for a while before it is measured. The seed's were taken in Rust, from a network of strangers, at rates that it
 * does not state: what can be compared is the shape, growth without end against a level. `--messages` is the rate of
 * messages with twenty addresses each; ALFIS looks through the whole list for each address, and the leaky node does so, too.
 *
 * The seed's 48 hours are not waited for: what the fixed node's minutes say of two days stands at the end, and what they
 * do not.
 */
import { scriptArguments, wholeNumber } from './script-arguments.js';
import type { Leg } from './seeds/leg.js';
import { type PeerFault, peerLeg } from './seeds/seed-p2p.js';

const values = scriptArguments(
  'usage: npm run bench:seed-p2p -- [--seconds 120] [--rate 2000] [--messages 50]',
  {
    seconds: { type: 'string', default: '120' },
    rate: { type: 'string', default: '2000' },
    messages: { type: 'string', default: '50' },
  },
);
const seconds = wholeNumber('seconds', values.seconds);
const rate = wholeNumber('rate', values.rate);
const messages = wholeNumber('messages', values.messages);

const HOURS = 48;

const calm = [
  await compare('Future blocks', 'future-blocks', rate, {
    before: '36 MB -> 1.9 GB in minutes',
    after: 'stable at ~9-10 MB, 1000 blocks',
  }),
  await compare('Seen blocks', 'seen-blocks', rate, {
    before: 'unbounded during active sync',
    after: 'limited to 10000 entries',
  }),
  await compare('New peers', 'new-peers', messages, {
    before: 'unbounded, thousands of addresses',
    after: '1000 entries, ~28 KB',
  }),
];
console.log(`\n${HOURS} hours stable, as the seed says, in what was measured of the fixed node:`);
for (const { title, leg } of calm) console.log(`  ${title}: ${compressed(leg)}`);
console.log(
  '  Not shown by it: what time alone does (bans of ten minutes run out, the database tidies up, an allocator ages),\n' +
    '  and strangers that mix all of this. The longer run: leak-soak run --scenario chain-sync --duration 8h',
);

async function compare(
  title: string,
  fault: PeerFault,
  perSec: number,
  seed: Readonly<Record<'before' | 'after', string>>,
): Promise<{ readonly title: string; readonly leg: Leg }> {
  console.log(`\n${title}, ${perSec} messages/s for ${seconds} s`);
  row('', "seed's", 'ours');
  row('before', seed.before, figures(await peerLeg('before', fault, perSec, seconds)));
  const leg = await peerLeg('after', fault, perSec, seconds);
  row('after', seed.after, figures(leg));
  return { title, leg };
}

/** The messages of a leg as two days bring them, and what they left. */
function compressed({ perSec, mibPerMin }: Leg): string {
  const total = perSec * seconds;
  const left = (mibPerMin / 60) * seconds;
  const perMessage = Math.round((left * 2 ** 20) / total);
  return (
    `${total.toFixed(0)} messages in ${seconds} s are ${HOURS} hours at ${(total / (HOURS * 3600)).toFixed(2)}/s; they moved RSS by ` +
    `${left.toFixed(1)} MiB, ${perMessage} bytes each`
  );
}

function figures({ idleMib, endMib, mostMib, mibPerMin, perSec, entries }: Leg): string {
  const memory = `${idleMib.toFixed(0)} -> ${endMib.toFixed(0)} MiB (at most ${mostMib.toFixed(0)}), ${mibPerMin.toFixed(1)} MiB/min`;
  return `${memory}, ${entries ?? 'no'} entries at the end, ${perSec.toFixed(0)} messages/s dealt with`;
}

function row(what: string, seed: string, ours: string): void {
  console.log(`  ${what.padEnd(10)}${seed.padEnd(36)}${ours}`);
}
