import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from './faults.js';
import { decode, queryPacket } from './fixtures/messages.js';
import { openClient } from './fixtures/sockets.js';
import { framed, openTcpClient } from './fixtures/tcp-client.js';
import { VERSION } from './version.js';

const MAIN = new URL('../dist/target/main.js', import.meta.url).pathname;
let folder: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-soak-target-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Ready {
  readonly ready: true;
  readonly version: string;
  readonly pid: number;
  readonly addresses: { readonly dns: string; readonly ops: string; readonly peer?: string };
}

const launch = (args: readonly string[], shell?: string): ChildProcess => {
  const [program, ...rest] = shell === undefined ? [process.execPath] : ['sh', '-c', shell, process.execPath];
  const child = spawn(program ?? '', [...rest, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
};

async function startNode(
  args: readonly string[] = [],
  shell?: string,
): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = launch(args, shell);
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, ready: JSON.parse(String(line)) };
}

async function runToEnd(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = launch(args);
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (output.stderr += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, ...output };
}

function configFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('main', () => {
  it('prints one ready line with its addresses, answers there, and stops fast with code 0 on a signal', async () => {
    const { child, ready } = await startNode();
    expect(ready).toMatchObject({ ready: true, version: VERSION, pid: child.pid });
    const [address = '', port] = ready.addresses.dns.split(':');
    const client = await openClient({ address, port: Number(port) });
    expect(decode(await client.ask(queryPacket('a.test')))).toMatchObject({ rcodeNumber: 2 });
    client.close();
    const health = await fetch(`http://${ready.addresses.ops}/health`);
    expect(await health.json()).toMatchObject({ status: 'healthy', version: VERSION });
    const signalled = performance.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - signalled).toBeLessThan(1000);
  });

  it('stops with code 0 in the middle of load, and leaves nothing open', async () => {
    const { child, ready } = await startNode();
    const [address = '', port] = ready.addresses.dns.split(':');
    const endpoint = { address, port: Number(port) };
    const udp = await openClient(endpoint);
    const clients = await Promise.all(Array.from({ length: 50 }, () => openTcpClient(endpoint)));
    const load = setInterval(() => {
      for (let count = 0; count < 20; count += 1) udp.send(queryPacket(`n${count}.test`));
      for (const each of clients) each.write(framed(queryPacket('a.test')));
    }, 1);
    await Promise.all(clients.slice(0, 10).map((each) => each.receive()));
    const signalled = performance.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - signalled).toBeLessThan(2000);
    clearInterval(load);
    await Promise.all(clients.map((each) => each.closed));
    udp.close();
  });

  it('answers over TCP with 256 descriptors although 400 clients connect and say nothing', async () => {
    const { child, ready } = await startNode([], 'ulimit -n 256; exec "$0" "$@"');
    const [address = '', port] = ready.addresses.dns.split(':');
    const endpoint = { address, port: Number(port) };
    const silent = await Promise.all(Array.from({ length: 400 }, () => openTcpClient(endpoint)));
    const honest = await openTcpClient(endpoint);
    expect(decode(await honest.ask(queryPacket('a.test')))).toMatchObject({ rcodeNumber: 2 });
    expect(readdirSync(`/proc/${child.pid}/fd`).length).toBeLessThan(200);
    for (const each of [...silent, honest]) each.close();
  });

  it('dies of one looped name with the fault name-decompression, and of none without', async () => {
    const looped = Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0xc0, 12, 0, 1, 0, 1]);
    const askLooped = async (ready: Ready) => {
      const [address = '', port] = ready.addresses.dns.split(':');
      const client = await openClient({ address, port: Number(port) });
      client.send(looped);
      return client;
    };
    const smallHeap = 'exec "$0" --max-old-space-size=64 "$@"';
    const fixed = await startNode([], smallHeap);
    const client = await askLooped(fixed.ready);
    expect(decode(await client.receive())).toMatchObject({ rcodeNumber: 1 });
    client.close();
    const leaky = await startNode(['--fault', 'name-decompression'], smallHeap);
    const ended = once(leaky.child, 'exit');
    const waiting = await askLooped(leaky.ready);
    const [, signal] = await ended;
    expect(signal).toBe('SIGABRT');
    waiting.close();
  });

  it('prints the catalogue of faults as JSON', async () => {
    const { code, stdout } = await runToEnd('faults', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(FAULTS);
    for (const fault of JSON.parse(stdout)) {
      expect(Object.keys(fault)).toEqual([
        'id',
        'system',
        'leak',
        'structure',
        'trigger',
        'metric',
        'finding',
        'retainer',
      ]);
    }
  });

  it('prints the catalogue for people, the help and the version', async () => {
    expect((await runToEnd('faults')).stdout).toContain('dns-in-flight  (ALFIS A14)');
    expect((await runToEnd('--help')).stdout).toContain('Usage:');
    expect((await runToEnd('--version')).stdout).toBe(`${VERSION}\n`);
  });

  it.each([
    [
      'a fault that does not exist',
      ['--fault', 'dns-nothing'],
      '--fault dns-nothing: there is no such fault',
    ],
    ['an unknown option', ['--nothing'], '--nothing'],
    ['an unknown command', ['serve'], 'unknown command "serve"'],
    ['a fault to list', ['faults', '--fault', 'dns-nothing'], '--fault starts the node'],
    ['a file to list faults', ['faults', '--config', '/no/such.toml'], '--config starts the node'],
    ['blocks for a node', ['--blocks', '3'], '--blocks goes with the command "make-chain"'],
    ['a fault to make blocks', ['make-chain', '--fault', 'new-peers'], '--fault starts the node'],
    ['no number of blocks', ['make-chain'], '--blocks is missing: expected a whole number'],
    ['a missing file', ['--config', '/no/such.toml'], '/no/such.toml: cannot be read (ENOENT)'],
  ])('ends with 4 and one line for %s', async (_what, args, message) => {
    const { code, stdout, stderr } = await runToEnd(...args);
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('ends with 4 for a wrong value in the file, naming file, key and value', async () => {
    const file = configFile('wrong.toml', '[dns]\ncache_max_memory_mb = -4\n');
    const { code, stderr } = await runToEnd('--config', file);
    expect(code).toBe(4);
    expect(stderr).toContain(`${file}: [dns] cache_max_memory_mb = -4: `);
  });

  it('ends with 3 when the port is in use', async () => {
    const { ready } = await startNode();
    for (const [table, address] of Object.entries({ dns: ready.addresses.dns, ops: ready.addresses.ops })) {
      const file = configFile(`${table}.toml`, `[${table}]\nlisten = "${address}"\n`);
      const { code, stderr } = await runToEnd('--config', file);
      expect(code).toBe(3);
      expect(stderr).toContain(`${file}: [${table}] listen = "${address}": cannot listen there (EADDRINUSE)`);
    }
  });
});

it('ends with 3 when its peer port or its chain is in use', async () => {
  const tables = (listen: string, chain: string): string =>
    `[net]\nlisten = "${listen}"\n[chain]\nfolder = "${join(folder, chain)}"\n`;
  const { ready } = await startNode(['--config', configFile('peer.toml', tables('127.0.0.1:0', 'one'))]);
  const address = ready.addresses.peer ?? '';
  const samePort = await runToEnd('--config', configFile('port.toml', tables(address, 'two')));
  expect(samePort.code).toBe(3);
  expect(samePort.stderr).toContain(`[net] listen = "${address}": cannot listen there (EADDRINUSE)`);
  const sameChain = await runToEnd('--config', configFile('chain.toml', tables('127.0.0.1:0', 'one')));
  expect(sameChain.code).toBe(3);
  expect(sameChain.stderr).toContain(`[chain] folder = "${join(folder, 'one')}": cannot be opened`);
});

it('has the version of the package', () => {
  const file = new URL('../package.json', import.meta.url);
  expect(VERSION).toBe(JSON.parse(readFileSync(file, 'utf8')).version);
});
