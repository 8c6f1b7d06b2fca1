import { Resolver } from 'node:dns/promises';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuOf } from '../load-bench/unbound.js';
import { startNode } from './start-node.js';

/** What became of a node with few descriptors and many silent clients. */
export interface FewDescriptors {
  readonly clients: number;
  /** Of these so many were closed at once. */
  readonly closed: number;
  /** Descriptors of the node while the clients hold on. */
  readonly open: number;
  /** Its CPU time in percent of one core meanwhile. */
  readonly cpuPercent: number;
  /** Names that it found then, of those asked, each through its upstream. */
  readonly found: number;
  readonly asked: number;
}

const DESCRIPTORS = 256;
const CLIENTS = 600;
const HOLD_MS = 3000;
const NAMES = 50;

/** Starts a node with `ulimit -n 256` in front of a resolver on `port`, and holds 600 connections that say nothing. */
export async function fewDescriptors(port: number, zone: string): Promise<FewDescriptors> {
  // Over TCP only, so that each question needs a descriptor of its own.
  const toml = `[dns]\nforwarders = ["tcp://127.0.0.1:${port}"]\n`;
  const wrap = ['sh', '-c', `ulimit -n ${DESCRIPTORS}; exec "$@"`, 'sh'];
  const node = await startNode(toml, { wrap });
  const open = new Set<Socket>();
  try {
    for (let count = 0; count < CLIENTS; count += 1) {
      const socket = connect(node.port, '127.0.0.1');
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    await delay(HOLD_MS / 3);
    const cpuBefore = cpuOf(node.pid) ?? Number.NaN;
    await delay(HOLD_MS);
    const cpuMs = (cpuOf(node.pid) ?? Number.NaN) - cpuBefore;
    const resolver = new Resolver({ timeout: 3000, tries: 1 });
    resolver.setServers([node.dns]);
    const names = Array.from({ length: NAMES }, (_, index) => `few${index}.${zone}`);
    const results = await Promise.allSettled(names.map((name) => resolver.resolve4(name)));
    return {
      clients: CLIENTS,
      closed: CLIENTS - open.size,
      open: readdirSync(`/proc/${node.pid}/fd`).length,
      cpuPercent: (cpuMs / HOLD_MS) * 100,
      found: results.filter(({ status }) => status === 'fulfilled').length,
      asked: NAMES,
    };
  } finally {
    for (const socket of open) socket.destroy();
    await node.stop();
  }
}
