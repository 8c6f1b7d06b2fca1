/**
 * What the built-in node can do: `npm run bench:node -- [--rounds 10] [--seconds 3] [--port 25453] [--only PART]`.
 *
 * - `unbound`: cached answers per second, over UDP and TCP, in turn with an unbound of one thread, both in front of the same
 *   third server; `dnsperf -q 200`. The bar is 0.6 by UDP.
 * - `fix`: the fixed node in turn with the leaky one (`--fault dns-cache-names`): the interval of the ratio must include 0.9
 *   to 1.1 somewhere.
 * - `stop`: SIGTERM in the middle of that load: exit code 0 within 2 s.
 * - `descriptors`: `ulimit -n 256` and 600 silent clients: those in excess closed, CPU flat, upstream sockets to be had.
 * - `silent`: 2 000 silent clients, with the default limits and with limits above them: at least 99 % of honest queries over TCP
 *   answered during and after, descriptors back to within 5, event-loop delay p99 below 50 ms.
 *
 * On a shared machine only the ratios mean something. All but `silent` are skipped, visibly, where unbound or dnsperf is not
 * installed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { runDnsperf } from './load-bench/dnsperf.js';
import { findProgram, launchUnbound, startUnbound, type Unbound, ZONE } from './load-bench/unbound.js';
import { fewDescriptors } from './node/few-descriptors.js';
import { inTurn, type RoundsResult } from './node/rounds.js';
import { silentClients } from './node/silent-clients.js';
import { type StartedNode, startNode } from './node/start-node.js';
import { chosen, scriptArguments, wholeNumber } from './script-arguments.js';

const PARTS = ['unbound', 'fix', 'stop', 'descriptors', 'silent'] as const;
const values = scriptArguments(
  `usage: npm run bench:node -- [--rounds 10] [--seconds 3] [--port 25453] [--only ${PARTS.join('|')}]`,
  {
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '3' },
    port: { type: 'string', default: '25453' },
    only: { type: 'string' },
  },
);
const rounds = wholeNumber('rounds', values.rounds);
const seconds = wholeNumber('seconds', values.seconds);
const port = wholeNumber('port', values.port);
const parts = chosen(values.only, PARTS);

const OUTSTANDING = 200;
/** Of unbound's answers per second. */
const SPEED_BAR = 0.6;
const STOP_BAR_MS = 2000;
const HONEST_BAR = 0.99;
const FDS_BAR = 5;
const LOOP_DELAY_BAR_MS = 50;
/** Settings with which a resolver of one machine asks another of the same. */
const FORWARDS: readonly string[] = ['do-not-query-localhost: no', 'local-zone: "test." nodefault'];

const [unbound, dnsperf] = [findProgram('unbound'), findProgram('dnsperf')];
if (parts.includes('silent')) await withSilentClients();
if (parts.every((part) => part === 'silent')) {
  // Nothing else was asked for.
} else if (unbound === null || dnsperf === null) {
  console.log('skipped: the rest of this benchmark needs unbound and dnsperf (apt install unbound dnsperf)');
} else {
  const authority = await startUnbound(unbound, port);
  try {
    if (parts.includes('unbound')) await besideUnbound(unbound, dnsperf);
    if (parts.includes('fix')) await beforeAndAfter(dnsperf);
    if (parts.includes('stop')) await stopUnderLoad(dnsperf);
    if (parts.includes('descriptors')) await withFewDescriptors();
  } finally {
    await authority.close();
  }
}

async function besideUnbound(program: string, perf: string): Promise<void> {
  const forward = `forward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@${port}\n`;
  const other: Unbound = await launchUnbound(program, port + 1, FORWARDS, forward);
  const node = await forwardingNode();
  try {
    for (const mode of ['udp', 'tcp'] as const) {
      const result = await compare(perf, node.port, other.port, mode);
      report(`cached by ${mode}`, 'node', 'unbound', result);
      if (mode === 'udp') console.log(bar(result.ratio >= SPEED_BAR, `at least ${SPEED_BAR} of unbound's`));
    }
  } finally {
    await Promise.all([other.close(), node.stop()]);
  }
}

async function beforeAndAfter(perf: string): Promise<void> {
  const [fixed, leaky] = [await forwardingNode(), await forwardingNode('--fault', 'dns-cache-names')];
  try {
    const result = await compare(perf, fixed.port, leaky.port, 'udp');
    report('cached by udp', 'fixed', 'leaky', result);
    console.log(bar(result.low <= 1.1 && result.high >= 0.9, 'within 10 % of each other'));
  } finally {
    await Promise.all([fixed.stop(), leaky.stop()]);
  }
}

async function stopUnderLoad(perf: string): Promise<void> {
  const node = await forwardingNode();
  // dnsperf waits for the answers that never come, and is not what is measured.
  const load = runDnsperf(perf, node.port, OUTSTANDING, 3).catch(() => null);
  await delay(1500);
  const { code, tookMs } = await node.stop();
  console.log(`SIGTERM in mid-load: exit code ${code} after ${tookMs.toFixed(0)} ms`);
  console.log(bar(code === 0 && tookMs < STOP_BAR_MS, 'code 0 within 2 s'));
  await load;
}

async function withFewDescriptors(): Promise<void> {
  const { clients, closed, open, cpuPercent, found, asked } = await fewDescriptors(port, ZONE);
  console.log(
    `ulimit -n 256: ${closed} of ${clients} silent clients closed at once, ${open} descriptors open,`,
  );
  console.log(`  ${cpuPercent.toFixed(1)} % CPU, ${found} of ${asked} names found upstream`);
  console.log(
    bar(closed > 300 && cpuPercent < 10 && found === asked, 'closed, below 10 % CPU, every name found'),
  );
}

async function withSilentClients(): Promise<void> {
  const room = ['tcp_queue_size = 4000', 'tcp_clients_per_ip = 4000'];
  for (const [name, dns] of [
    ['the default limits', []],
    ['room for all', room],
  ] as const) {
    const { held, during, after, loopDelayP99Ms, fdsBefore, fdsAfter } = await silentClients(dns);
    const [share, later] = [during.answered / during.offered, after.answered / after.offered];
    const percent = (part: number): string => `${(100 * part).toFixed(2)} %`;
    console.log(
      `2 000 silent clients, ${name}: ${held} connections open, honest queries answered ${percent(share)} during and ` +
        `${percent(later)} after, event loop late by ${loopDelayP99Ms.toFixed(1)} ms (p99), ${fdsBefore} descriptors before ` +
        `and ${fdsAfter} after`,
    );
    const reached =
      Math.min(share, later) >= HONEST_BAR &&
      Math.abs(fdsAfter - fdsBefore) <= FDS_BAR &&
      loopDelayP99Ms < LOOP_DELAY_BAR_MS;
    console.log(bar(reached, 'at least 99 %, descriptors within 5, below 50 ms'));
  }
}

function forwardingNode(...args: string[]): Promise<StartedNode> {
  return startNode(`[dns]\nforwarders = ["127.0.0.1:${port}"]\n`, { args });
}

/** Both once to fill their caches, and then in turn. */
async function compare(
  perf: string,
  first: number,
  second: number,
  mode: 'udp' | 'tcp',
): Promise<RoundsResult> {
  const measure = (at: number) => async (): Promise<number> =>
    (await runDnsperf(perf, at, OUTSTANDING, seconds, mode)).answeredPerSec;
  await measure(first)();
  await measure(second)();
  return inTurn(rounds, measure(first), measure(second), (round, a, b) =>
    console.log(`round ${round}: ${Math.round(a)} and ${Math.round(b)}/s, ${(a / b).toFixed(2)}`),
  );
}

function report(what: string, first: string, second: string, result: RoundsResult): void {
  const { ratio, low, high } = result;
  const rates = `${first} ${Math.round(result.first)}/s, ${second} ${Math.round(result.second)}/s`;
  console.log(`${what}: ${rates}, ratio ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`);
}

function bar(reached: boolean, text: string): string {
  return `  bar: ${text}: ${reached ? 'reached' : 'MISSED'}`;
}
