import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { signalGroup } from '../core/signal-group.js';
import { listeningInodes, portOwner } from './port-owner.js';
import { processTree } from './process-tree.js';
import { runsNode, servedBy } from './served-by.js';

const folder = mkdtempSync(join(tmpdir(), 'leak-soak-test-'));
const groups: number[] = [];
afterAll(() => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

const SERVER = join(folder, 'server.cjs');
const CLUSTER = join(folder, 'cluster.cjs');
writeFileSync(
  SERVER,
  `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    console.log(server.address().port, process.pid);
  });`,
);
writeFileSync(
  CLUSTER,
  `const cluster = require('node:cluster');
  let up = 0;
  cluster.on('listening', (_, { port }) => ++up === 2 && console.log(port, process.pid));
  if (cluster.isPrimary) for (let i = 0; i < 2; i++) cluster.fork();
  else require('node:net').createServer().listen(0, '127.0.0.1');`,
);

/** Starts a command that prints port and pid of its server. */
async function start(...command: [string, ...string[]]): Promise<Record<'leader' | 'port' | 'pid', number>> {
  const [file, ...args] = command;
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const leader = child.pid as number;
  groups.push(leader);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [port = 0, pid = 0] = String(line).trim().split(' ').map(Number);
  return { leader, port, pid };
}

describe.skipIf(!existsSync('/proc/self/stat'))('the process that serves', () => {
  test('is seen through shells by the port it listens on, and without an address by what is no wrapper', async () => {
    // Both shells have something left to do, so neither executes into the next.
    const inner = `sh -c '"${process.execPath}" "${SERVER}"; true'; true`;
    const { leader, pid, port } = await start('sh', '-c', inner);
    expect(servedBy(leader, { http: `http://127.0.0.1:${port}/` })).toBe(pid);
    expect(servedBy(leader, {})).toBe(pid);
    expect(runsNode(pid)).toBe(true);
    expect(runsNode(leader)).toBe(false);
    expect(processTree(leader).at(-1)?.pid).toBe(pid);
  });

  test('is the oldest of several that hold the listening socket, as the parent of a cluster does', async () => {
    const { leader, port } = await start(process.execPath, CLUSTER);
    expect(processTree(leader).length).toBe(3);
    expect(servedBy(leader, { tcp: `127.0.0.1:${port}` })).toBe(leader);
  });

  test('is found for UDP as for TCP, and is null for a port nobody listens on', async () => {
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const own = processTree(process.pid).slice(0, 1);
    const { port } = tcp.address() as { port: number };
    expect(portOwner([udp.address().port], own)).toBe(process.pid);
    expect(portOwner([port], own)).toBe(process.pid);
    udp.close();
    tcp.close();
    await Promise.all([once(udp, 'close'), once(tcp, 'close')]);
    expect(portOwner([port], own)).toBeNull();
    expect(listeningInodes([port]).size).toBe(0);
  });
});
