import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseEndpoint } from './endpoint.js';
import { decode, queryPacket } from './fixtures/messages.js';
import { openClient } from './fixtures/sockets.js';
import type { ChainHealth, Health } from './ops/health-report.js';

const MAIN = new URL('../dist/target/main.js', import.meta.url).pathname;
const BLOCKS = 2000;
const run = promisify(execFile);
const running = new Set<ChildProcess>();
let folder: string;
let tip: string;

interface Node {
  readonly child: ChildProcess;
  readonly addresses: Readonly<Record<'dns' | 'peer' | 'ops', string>>;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-peers-'));
  const { stdout } = await run(process.execPath, [
    MAIN,
    'make-chain',
    ...['--config', config('full', []), '--blocks', String(BLOCKS)],
  ]);
  tip = JSON.parse(stdout).tip;
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the configuration of a node with a chain of its own; its file. */
function config(name: string, peers: readonly string[]): string {
  const file = join(folder, `${name}.toml`);
  const list = peers.map((peer) => `"${peer}"`).join(', ');
  const net = `[net]\npeers = [${list}]\ndial_interval_sec = 0.1\nblock_timeout_sec = 1`;
  writeFileSync(file, `${net}\n[chain]\nfolder = "${join(folder, name)}"\ndifficulty = 2\n`);
  return file;
}

async function start(name: string, peers: readonly string[]): Promise<Node> {
  const child = spawn(process.execPath, [MAIN, '--config', config(name, peers)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, addresses: JSON.parse(String(line)).addresses };
}

async function chainOf({ addresses }: Node): Promise<ChainHealth> {
  const { chain } = (await (await fetch(`http://${addresses.ops}/health`)).json()) as Health;
  if (chain === undefined) throw new Error('the node is no peer');
  return chain;
}

async function reached(node: Node, height: number): Promise<ChainHealth> {
  for (;;) {
    const chain = await chainOf(node);
    if (chain.height >= height) return chain;
    await delay(20);
  }
}

async function stopped({ child }: Node, signal: NodeJS.Signals): Promise<unknown[]> {
  const exit = once(child, 'exit');
  child.kill(signal);
  return exit;
}

describe('two nodes', () => {
  it('have the same chain in the end, and both answer for its domains', async () => {
    const full = await start('full', []);
    const empty = await start('empty', [full.addresses.peer]);
    expect(await reached(empty, BLOCKS)).toMatchObject({ tip, peers: 1 });
    for (const { addresses } of [full, empty]) {
      const client = await openClient(parseEndpoint(addresses.dns, 0) ?? { address: '', port: 0 });
      const answer = decode(await client.ask(queryPacket('n300.srv')));
      expect(answer.answers).toMatchObject([{ name: 'n300.srv', ttl: 300, data: '192.0.2.44' }]);
      expect(decode(await client.ask(queryPacket('n999999.srv')))).toMatchObject({ rcodeNumber: 3 });
      client.close();
    }
    const metrics = await (await fetch(`http://${empty.addresses.ops}/metrics`)).text();
    expect(metrics).toContain(`leak_soak_node_chain_height ${BLOCKS}\n`);
    expect(metrics).toContain('leak_soak_node_structure_limit{structure="new_peers"} 1000\n');
    expect(metrics).toMatch(/leak_soak_node_peer_events_total\{event="blocks-added"\} 2000\n/);
  });
});

describe('a node in the middle of syncing', () => {
  it('can be killed at any moment: it opens its chain and goes on', async () => {
    const full = await start('full', []);
    let height = 0;
    let kills = 0;
    while (height < BLOCKS) {
      const node = await start('killed', [full.addresses.peer]);
      const { height: opened } = await chainOf(node);
      expect(opened).toBeGreaterThanOrEqual(height);
      height = (await reached(node, Math.min(BLOCKS, opened + 150))).height;
      expect(await stopped(node, 'SIGKILL')).toEqual([null, 'SIGKILL']);
      kills += 1;
    }
    expect(kills).toBeGreaterThan(2);
    const again = await start('killed', []);
    expect(await chainOf(again)).toMatchObject({ height: BLOCKS, tip });
  });

  it('ends with code 0 soon after SIGTERM, and its chain is for the next one', async () => {
    const full = await start('full', []);
    const node = await start('ended', [full.addresses.peer]);
    await reached(node, 100);
    const signalled = performance.now();
    expect(await stopped(node, 'SIGTERM')).toEqual([0, null]);
    expect(performance.now() - signalled).toBeLessThan(2000);
    const again = await start('ended', []);
    expect((await chainOf(again)).height).toBeGreaterThanOrEqual(100);
  });
});
