import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { freePort } from '../../harness/core/free-port.js';
import { encodeQuestion, TYPE } from '../../harness/load/dns/dns-wire.js';
import type { DohPlan } from '../../harness/load/plan.js';
import type { Round } from './dnsperf.js';
import { floodOf, runOwn } from './own-driver.js';
import { bar, line, median, medianOf } from './rounds.js';
import { ZONE } from './unbound.js';

const SERVER = fileURLToPath(new URL('./doh-server.js', import.meta.url));

/** Connections, each with one question at a time, of either contender. */
const CONNECTIONS = 32;

/** How far behind plain autocannon our driver may be, which checks every answer. */
const LEAST_SHARE = 0.9;

/** DNS over HTTP/1.1 in a closed loop: our driver and plain autocannon, in turn on the same server. */
export async function dohAgainstAutocannon(rounds: number, seconds: number): Promise<void> {
  const port = await freePort();
  const server = spawn(process.execPath, [SERVER, String(port)], { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const url = `http://127.0.0.1:${port}/dns-query`;
    await listening(url);
    const ours: Round[] = [];
    const theirs: Round[] = [];
    const run = { ours: () => runDoh(url, seconds), theirs: () => runAutocannon(url, seconds) };
    // Code is compiled on all sides before anything counts.
    await run.ours();
    await run.theirs();
    console.log('');
    for (let round = 1; round <= rounds; round++) {
      const order = round % 2 === 1 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
      for (const side of order) {
        const result = await run[side]();
        (side === 'ours' ? ours : theirs).push(result);
        console.log(`round ${round}: ${line(NAMES[side], result)}`);
      }
    }
    console.log(`\nmedian:  ${line(NAMES.ours, medianOf(ours))}`);
    console.log(`median:  ${line(NAMES.theirs, medianOf(theirs))}`);
    // Round by round: what else the machine does changes slower than that.
    const share = median(
      ours.map(({ answeredPerSec }, i) => answeredPerSec / (theirs[i] as Round).answeredPerSec),
    );
    const verdict = bar(share >= LEAST_SHARE);
    console.log(
      `DoH ${share.toFixed(2)} x plain autocannon, the median of the rounds (bar: at least ${LEAST_SHARE})${verdict}`,
    );
  } finally {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }
}

const NAMES = { ours: 'leak-soak, DoH', theirs: 'autocannon' } as const;

async function runDoh(url: string, seconds: number): Promise<Round> {
  const { io: _io, ...flood } = floodOf({ outstanding: CONNECTIONS, upstream: null });
  const plan: DohPlan = { ...flood, kind: 'doh', http: '1.1', connections: CONNECTIONS };
  const own = await runOwn(plan, { doh: url }, seconds);
  const { wrong, timeouts, answered } = own.summary;
  if (wrong + timeouts > 0) throw new Error(`${answered} answers, ${wrong} wrong, ${timeouts} timed out`);
  return own;
}

/** The same question again and again; all that is checked of an answer is its status. */
async function runAutocannon(url: string, seconds: number): Promise<Round> {
  const type = 'application/dns-message';
  const before = process.cpuUsage();
  const { requests, duration, non2xx, errors } = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': type, accept: type },
    body: encodeQuestion(1, `q1.${ZONE}`, TYPE.A),
    connections: CONNECTIONS,
    duration: seconds,
  });
  const { user, system } = process.cpuUsage(before);
  if (non2xx + errors > 0) throw new Error(`${non2xx} bad statuses, ${errors} errors`);
  return { answeredPerSec: requests.total / duration, cpuMicrosPerQuery: (user + system) / requests.total };
}

async function listening(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const body = encodeQuestion(1, `q1.${ZONE}`, TYPE.A);
    const answers = await fetch(url, { method: 'POST', body }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await delay(50);
  }
  throw new Error(`${url} does not answer`);
}
