import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadSummary } from '../../harness/core/load-counters.js';
import { launchLoad } from '../../harness/load/client.js';
import type { DnsUdpFloodPlan, DriverPlan } from '../../harness/load/plan.js';
import type { StubUpstreamPlan } from '../../harness/load/upstream-plan.js';
import type { StartOptions } from './start-node.js';
import { startWatchedNode, type WatchedNode } from './watched-node.js';

/** A node in front of an upstream of its own, and the way to run loads on it one after the other. */
export interface LoadedNode {
  readonly node: WatchedNode;
  /** Runs a load for so long, and resolves when nothing of it is in flight any more. */
  run(plan: DriverPlan, seconds: number): Promise<LoadSummary>;
  /** Stops both; safe to call twice. */
  close(): Promise<void>;
}

const ZONE = 'seed.example';
const UPSTREAM: StubUpstreamPlan = { zones: [ZONE], ttlSec: 3600, latencyMs: 0, loss: 0, silent: false };

/** New names over UDP, each answered by the upstream; every answer is checked. */
export const FLOOD: DnsUdpFloodPlan = {
  kind: 'dns-udp-flood',
  ratePerSec: 5000,
  zone: ZONE,
  seed: 1,
  timeoutMs: 5000,
  acceptedRcodes: ['NOERROR'],
  upstream: null,
};

/** Starts an upstream, silent or not, and a node with these lines in its `[dns]` table, which other tables may follow. */
export async function startLoadedNode(
  dns: readonly string[],
  options: StartOptions = {},
  silent = false,
): Promise<LoadedNode> {
  const host = launch({ ...FLOOD, upstream: { ...UPSTREAM, silent } });
  try {
    const forwarders = `forwarders = ["${await host.prepare()}"]`;
    const node = await startWatchedNode(`[dns]\n${[forwarders, ...dns].join('\n')}\n`, options);
    return {
      node,
      run: (plan, seconds) => runOn(node, plan, seconds),
      close: async () => {
        await node.stop();
        await host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}

async function runOn(node: WatchedNode, plan: DriverPlan, seconds: number): Promise<LoadSummary> {
  const load = launch(plan);
  try {
    await load.prepare();
    const peer = node.peer === null ? {} : { peer: node.peer };
    await load.connect({ dns: node.dns, 'dns-tcp': node.dns, tcp: node.dns, ...peer });
    load.start();
    await delay(seconds * 1000);
    const summary = await load.stop();
    if (summary === null) throw new Error('this load counts what it does');
    return summary;
  } finally {
    await load.close();
  }
}

function launch(plan: DriverPlan): ReturnType<typeof launchLoad> {
  // The load process is the compiled one, also for a test, which runs from the sources.
  const here = new URL('../../harness/load/main.js', import.meta.url);
  const module = existsSync(here) ? here : new URL('../../dist/harness/load/main.js', import.meta.url);
  return launchLoad({ plan, reportEveryMs: 1000, env: { PATH: process.env.PATH }, logFd: 2 }, { module });
}
