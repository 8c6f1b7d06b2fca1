import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadSummary } from '../../harness/core/load-counters.js';
import type { DnsTcpPlan, TcpStormPlan } from '../../harness/load/plan.js';
import { FLOOD, startLoadedNode } from './loaded-node.js';

/** How honest clients fared while many silent ones held on, and what is left of those. */
export interface SilentClients {
  /** Connections open at the node in the middle of it. */
  readonly held: number;
  readonly during: LoadSummary;
  readonly after: LoadSummary;
  /** 99th percentile of how late the event loop was meanwhile, in milliseconds. */
  readonly loopDelayP99Ms: number;
  /** Descriptors of the node before, and when all have gone. */
  readonly fdsBefore: number;
  readonly fdsAfter: number;
}

const CLIENTS = 2000;
/** All of them have come, and the honest ones may. */
const ARRIVED_MS = 4000;
const HONEST_SEC = 8;
const STORM_SEC = 14;
/** The node has seen every connection end. */
const DRAIN_MS = 2000;

const VISITS: DnsTcpPlan = { ...FLOOD, kind: 'dns-tcp', mode: 'visit', ratePerSec: 100 };
const STORM: TcpStormPlan = {
  kind: 'tcp-storm',
  ratePerSec: 1000,
  modes: { silent: 1 },
  maxConnections: CLIENTS,
  holdMs: 60_000,
  timeoutMs: 5000,
  seed: 1,
  zone: FLOOD.zone,
  upstream: null,
};

/** A node with these lines in its `[dns]` table, and 2 000 clients that connect, say nothing, and come again when they are closed. */
export async function silentClients(dns: readonly string[]): Promise<SilentClients> {
  const { node, run, close } = await startLoadedNode(dns);
  const fds = (): number => readdirSync(`/proc/${node.pid}/fd`).length;
  try {
    // Sockets to the upstream are opened when they are needed first.
    await run(VISITS, 2);
    const fdsBefore = fds();
    const storm = run(STORM, STORM_SEC);
    await delay(ARRIVED_MS);
    const held = fds() - fdsBefore;
    await node.eventLoopDelayP99Ms();
    const during = await run(VISITS, HONEST_SEC);
    const loopDelayP99Ms = await node.eventLoopDelayP99Ms();
    await storm;
    const after = await run(VISITS, 2);
    await delay(DRAIN_MS);
    return { held, during, after, loopDelayP99Ms, fdsBefore, fdsAfter: fds() };
  } finally {
    await close();
  }
}
