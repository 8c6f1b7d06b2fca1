import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { within } from '../core/fixtures/alive.js';
import type { HeapReading } from '../core/heap-reading.js';
import { type AgentClient, listenForAgents } from './client.js';

let folder: string;
let socketPath: string;
let agents: AgentClient;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leak soak "test" '));
  socketPath = join(folder, 'agent.sock');
  agents = await listenForAgents(socketPath, () => performance.now());
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await agents.close();
  rmSync(folder, { recursive: true });
});

function start(script: string, base: NodeJS.ProcessEnv = process.env): number {
  child = spawn(process.execPath, ['-e', script], {
    env: agents.environment(base),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return child.pid as number;
}

/** Ids of a snapshot's nodes of type `array`, which V8 keeps from one to the next. */
function idsOfArrays(path: string): Set<number> {
  const { snapshot, nodes } = JSON.parse(readFileSync(path, 'utf8')) as {
    snapshot: { meta: { node_fields: string[] } };
    nodes: number[];
  };
  const [width, id] = [snapshot.meta.node_fields.length, snapshot.meta.node_fields.indexOf('id')];
  const ids = new Set<number>();
  for (let at = 0; at < nodes.length; at += width) if (nodes[at] === 1) ids.add(nodes[at + id] as number);
  return ids;
}

describe('the agent in a Node process', () => {
  test('answers with heap figures, and with live heap after a forced collection', async () => {
    const pid = start('setInterval(() => { globalThis.junk = new Array(1e5).fill({}) }, 10)');
    expect(await agents.greeted(pid, 5000)).toBe(true);
    agents.ask(pid, false);
    expect(await within(2000, () => agents.latest(pid) !== null)).toBe(true);
    expect(agents.latest(pid)?.reading).toMatchObject({ liveHeapBytes: null });
    agents.ask(pid, true);
    expect(await within(2000, () => agents.latest(pid)?.reading.liveHeapBytes != null)).toBe(true);
    const live = agents.latest(pid)?.reading;
    expect(live?.liveHeapBytes).toBe(live?.heapUsedBytes);
    expect(live?.liveHeapBytes).toBeGreaterThan(1e6);
    agents.ask(pid, true);
    expect(await within(2000, () => (agents.latest(pid)?.reading.majorGcs ?? 0) >= 1)).toBe(true);
  });

  test('sees memory that the program keeps, and no longer what it let go', async () => {
    const pid = start(`let kept = [];
      process.on('message', (count) => { kept = Array.from({ length: count }, (_, i) => ({ i })); process.send('done'); });`);
    await agents.greeted(pid, 5000);
    const liveHeapKeeping = async (count: number): Promise<number> => {
      const done = new Promise((resolve) => child?.once('message', resolve));
      child?.send(count);
      await done;
      const before = agents.latest(pid)?.atMs ?? 0;
      agents.ask(pid, true);
      await within(2000, () => (agents.latest(pid)?.atMs ?? 0) > before);
      return agents.latest(pid)?.reading.liveHeapBytes ?? Number.NaN;
    };
    const none = await liveHeapKeeping(0);
    expect((await liveHeapKeeping(200_000)) - none).toBeGreaterThan(2e6);
    expect((await liveHeapKeeping(0)) - none).toBeLessThan(500_000);
  });

  test('writes a heap snapshot where it is told to, and answers questions after it', async () => {
    const pid = start('class Kept {} globalThis.kept = new Kept(); setInterval(() => {}, 1e6)');
    await agents.greeted(pid, 5000);
    const path = join(folder, '1.heapsnapshot');
    writeFileSync(path, '', { mode: 0o600 });
    await agents.snapshot(pid, { snapshot: path }, AbortSignal.timeout(10_000));
    const { strings } = JSON.parse(readFileSync(path, 'utf8')) as { strings: string[] };
    expect(strings).toContain('Kept');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    agents.ask(pid, false);
    expect(await within(2000, () => agents.latest(pid) !== null)).toBe(true);
  });

  test('samples what is allocated between two snapshots and still there at the second', async () => {
    const pid = start(`globalThis.kept = [];
      function keepOne(i) { globalThis.kept.push(Array.from({ length: 100 }, () => ({ i }))); }
      process.on('message', () => { for (let i = 0; i < 1000; i++) keepOne(i); process.send('done'); });`);
    await agents.greeted(pid, 5000);
    const [first, second, profile] = ['1', '2', 'profile'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await agents.snapshot(pid, { snapshot: first, sample: true }, AbortSignal.timeout(10_000));
    const done = once(child as ChildProcess, 'message');
    child?.send('go');
    await done;
    await agents.snapshot(pid, { snapshot: second, profile }, AbortSignal.timeout(10_000));
    expect(readFileSync(profile, 'utf8')).toContain('"functionName":"keepOne"');
    const [before, after] = [first, second].map(idsOfArrays) as [Set<number>, Set<number>];
    expect([...before].filter((id) => after.has(id)).length).toBeGreaterThan(0.9 * before.size);
    expect(statSync(profile).mode & 0o777).toBe(0o600);
  });

  test('says why it wrote none, and one that ends meanwhile keeps nobody waiting', async () => {
    const pid = start("process.on('message', () => { for (;;); }); process.send('up')");
    await Promise.all([agents.greeted(pid, 5000), once(child as ChildProcess, 'message')]);
    const nowhere = agents.snapshot(
      pid,
      { snapshot: join(folder, 'none', 'x') },
      AbortSignal.timeout(10_000),
    );
    await expect(nowhere).rejects.toThrow(/the target wrote no heap snapshot: .*ENOENT/);
    child?.send('spin');
    const stopped = new AbortController();
    const waiting = agents.snapshot(pid, { snapshot: join(folder, '1') }, stopped.signal);
    stopped.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const cutOff = agents.snapshot(pid, { snapshot: join(folder, '2') }, AbortSignal.timeout(10_000));
    child?.kill('SIGKILL');
    await expect(cutOff).rejects.toThrow('the process ended meanwhile');
    await expect(agents.snapshot(pid, { snapshot: 'x' }, AbortSignal.timeout(10_000))).rejects.toThrow(
      'no agent',
    );
  });

  test('says how late the event loop was, its own collections left out, and what is active by type', async () => {
    const pid = start(`const dgram = require('dgram'); const net = require('net');
      const udp = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      const tcp = net.createServer().listen(0, '127.0.0.1');
      setInterval(() => {}, 1e6); setInterval(() => {}, 1e6);
      globalThis.big = Array.from({ length: 1e6 }, (_, i) => ({ i }));
      process.on('message', () => {
        for (const end = Date.now() + 300; Date.now() < end; );
        process.send('blocked');
      });`);
    await agents.greeted(pid, 5000);
    const answerTo = async (collect: boolean): Promise<HeapReading | undefined> => {
      const before = agents.latest(pid)?.atMs ?? 0;
      agents.ask(pid, collect);
      await within(5000, () => (agents.latest(pid)?.atMs ?? 0) > before);
      return agents.latest(pid)?.reading;
    };
    const turned = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    await answerTo(false);
    await turned();
    const blocked = new Promise((resolve) => child?.once('message', resolve));
    child?.send('block');
    await blocked;
    await turned();
    const reading = await answerTo(true);
    expect(reading?.eventLoopDelayP99Ms).toBeGreaterThan(200);
    expect(reading).toMatchObject({ timers: 2, tcpHandles: 1, udpHandles: 1 });
    expect(reading?.handles).toBe(4 + (reading?.otherHandles ?? Number.NaN));
    await turned();
    expect((await answerTo(false))?.eventLoopDelayP99Ms).toBeLessThan(200);
  });

  test('an unanswered question is not asked again, and its answer counts when it comes', async () => {
    const pid = start(`process.on('message', () => {
      process.send('blocking');
      for (const end = Date.now() + 800; Date.now() < end; );
    })`);
    await agents.greeted(pid, 5000);
    const blocking = new Promise((resolve) => child?.once('message', resolve));
    child?.send('block');
    await blocking;
    for (let i = 0; i < 5; i++) agents.ask(pid, false);
    expect(await within(200, () => agents.latest(pid) !== null)).toBe(false);
    expect(await within(3000, () => agents.latest(pid) !== null)).toBe(true);
  });

  test('does not keep a program alive that is done', async () => {
    const pid = start('setTimeout(() => {}, 200)');
    expect(await agents.greeted(pid, 5000)).toBe(true);
    child?.disconnect();
    const code = await new Promise((resolve) => child?.once('exit', resolve));
    expect(code).toBe(0);
  });

  test("keeps the user's own NODE_OPTIONS", async () => {
    const pid = start(
      "process.send(require('v8').getHeapStatistics().heap_size_limit); setInterval(() => {}, 1000)",
      {
        ...process.env,
        NODE_OPTIONS: '--max-old-space-size=100',
      },
    );
    const limit = await new Promise((resolve) => child?.once('message', resolve));
    expect(limit).toBeLessThan(200 * 1024 * 1024);
    expect(await agents.greeted(pid, 5000)).toBe(true);
  });

  test('leaves the program alone when the rig is gone', async () => {
    const pid = start("process.on('message', () => process.send('alive'))");
    await agents.greeted(pid, 5000);
    await agents.close();
    const alive = new Promise((resolve) => child?.once('message', resolve));
    child?.send('are you there');
    expect(await alive).toBe('alive');
    agents = await listenForAgents(join(folder, 'second.sock'), () => 0);
  });
});

test('a process without agent does not greet, and asking it is harmless', async () => {
  expect(await agents.greeted(1, 50)).toBe(false);
  agents.ask(1, true);
  expect(agents.latest(1)).toBeNull();
});

test('only this user can open the socket', () => {
  expect(statSync(socketPath).mode & 0o077).toBe(0);
});

test('a stranger on the socket is dismissed and harms nobody', async () => {
  const stranger = connect(socketPath);
  const closed = new Promise((resolve) => stranger.once('close', resolve));
  stranger.on('error', () => undefined);
  stranger.write('GET / HTTP/1.1\r\n\r\n');
  await closed;
  const pid = start('setInterval(() => {}, 1000)');
  expect(await agents.greeted(pid, 5000)).toBe(true);
});
