import { parseArgs } from 'node:util';
import { type Round, runDnsperf } from './load-bench/dnsperf.js';
import { dohAgainstAutocannon } from './load-bench/doh.js';
import { floodOf, runOwn } from './load-bench/own-driver.js';
import { bar, line, median, medianOf } from './load-bench/rounds.js';
import { idleConnections, visits } from './load-bench/tcp.js';
import { findProgram, startUnbound, type Unbound } from './load-bench/unbound.js';

/**
 * `npm run bench:load`: our DNS driver against dnsperf, in turn on the same unbound, an open loop of 50 000/s, the TCP
 * drivers, and DNS over HTTPS against autocannon.
 * On a shared machine only the ratios mean something.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    'doh-rounds': { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    'open-seconds': { type: 'string', default: '60' },
    outstanding: { type: 'string', default: '200,1000' },
    port: { type: 'string', default: '25353' },
  },
});
const seconds = Number(values.seconds);
const OPEN_RATE = 50_000;
const IDLE_CONNECTIONS = 5_000;

/** One way to ask, and what it reached in each round. */
interface Contender {
  readonly name: string;
  readonly run: () => Promise<Round>;
  readonly rounds: (Round & { targetMicros: number | null })[];
}

async function closedLoops(target: Unbound, dnsperf: string): Promise<void> {
  const ours = values.outstanding.split(',').map((outstanding): Contender => {
    const plan = floodOf({ io: 'mmsg', outstanding: Number(outstanding) });
    const run = () => runOwn(plan, { dns: `127.0.0.1:${target.port}` }, seconds);
    return { name: `leak-soak, ${outstanding} in flight`, run, rounds: [] };
  });
  const theirs = [200, 1000].map((outstanding): Contender => {
    const run = () => runDnsperf(dnsperf, target.port, outstanding, seconds);
    return { name: `dnsperf -q ${outstanding}`, run, rounds: [] };
  });
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const contender of [...ours, ...theirs]) {
      const before = target.cpuMs();
      const result = await contender.run();
      const after = target.cpuMs();
      const usedMs = before === null || after === null ? null : after - before;
      const targetMicros = usedMs === null ? null : (usedMs * 1000) / (result.answeredPerSec * seconds);
      contender.rounds.push({ ...result, targetMicros });
      console.log(`round ${round}: ${ourLine(contender.name, result, targetMicros)}`);
    }
  }
  console.log('');
  for (const contender of [...ours, ...theirs]) console.log(`median:  ${medianLine(contender)}`);
  const best = (all: readonly Contender[]): Round =>
    all
      .map(({ rounds }) => medianOf(rounds))
      .reduce((a, b) => (a.answeredPerSec >= b.answeredPerSec ? a : b));
  const [own, other] = [best(ours), best(theirs)];
  const speed = own.answeredPerSec / other.answeredPerSec;
  const cost = own.cpuMicrosPerQuery / Math.min(...theirs.map((c) => medianOf(c.rounds).cpuMicrosPerQuery));
  console.log(`answered/s ${speed.toFixed(2)} x dnsperf's best (bar: at least 1.5)${bar(speed >= 1.5)}`);
  console.log(`CPU per query ${cost.toFixed(2)} x dnsperf's (bar: at most 0.9)${bar(cost <= 0.9)}`);
}

async function openLoop(target: Unbound): Promise<void> {
  const openSeconds = Number(values['open-seconds']);
  if (openSeconds <= 0) return;
  const plan = floodOf({ io: 'mmsg', ratePerSec: OPEN_RATE });
  const { summary, rssBytes, waitedShare, cpuMicrosPerQuery } = await runOwn(
    plan,
    { dns: `127.0.0.1:${target.port}` },
    openSeconds,
  );
  const { intended, offered, answered, timeouts, latencyMs, generator } = summary;
  const lateMs = generator?.scheduleErrorP99Ms ?? Number.NaN;
  const [startMiB, endMiB] = rssBytes.map((bytes) => (bytes / 2 ** 20).toFixed(1));
  console.log(`\nopen loop ${OPEN_RATE}/s for ${openSeconds} s: ${offered} of ${intended} offered,`);
  console.log(
    `  ${answered} answered, ${timeouts} timed out, ${generator?.kernelDrops} dropped by the kernel,`,
  );
  console.log(
    `  latency p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms; ${cpuMicrosPerQuery.toFixed(2)} us CPU per query`,
  );
  console.log(`  schedule error p99 ${lateMs} ms (bar: below 5)${bar(lateMs < 5)}`);
  const waited = (100 * waitedShare).toFixed(1);
  console.log(`  for ${waited} % of the time the driver waited for a core, which no driver can make good`);
  console.log(`  own memory ${startMiB} MiB after a second, ${endMiB} MiB at the end`);
}

function medianLine(contender: Contender): string {
  const targets = contender.rounds.flatMap(({ targetMicros }) =>
    targetMicros === null ? [] : [targetMicros],
  );
  return ourLine(contender.name, medianOf(contender.rounds), targets.length === 0 ? null : median(targets));
}

function ourLine(name: string, round: Round, targetMicros: number | null): string {
  return `${line(name, round)}${targetMicros === null ? '' : `, unbound ${targetMicros.toFixed(2)} us`}`;
}

const [unbound, dnsperf] = [findProgram('unbound'), findProgram('dnsperf')];
if (unbound === null || process.platform !== 'linux') {
  console.log('skipped: this benchmark needs Linux and unbound (apt install unbound dnsperf)');
} else {
  const target = await startUnbound(unbound, Number(values.port));
  try {
    if (dnsperf === null) console.log('comparison skipped: dnsperf is not installed (apt install dnsperf)');
    else if (Number(values.rounds) > 0) await closedLoops(target, dnsperf);
    await openLoop(target);
    await visits(target.port, seconds);
    await idleConnections(IDLE_CONNECTIONS);
  } finally {
    await target.close();
  }
}
const dohRounds = Number(values['doh-rounds']);
if (dohRounds > 0) await dohAgainstAutocannon(dohRounds, seconds);
