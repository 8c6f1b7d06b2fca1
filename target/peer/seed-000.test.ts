/** The items of seed 000's testing checklist that speak of peers and the chain. */
import { describe, expect, it } from 'vitest';
import type { Block } from '../chain/block.js';
import { parseConfig } from '../config.js';
import { openBlockServer } from '../fixtures/block-server.js';
import { blocks, PLAN } from '../fixtures/chain.js';
import { closedAfterEach } from '../fixtures/closing.js';
import { openPeerClient, type PeerClient } from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer, type TestPeerOptions } from '../fixtures/peer-node.js';
import { SharedNewPeers } from './new-peers.js';
import { WindowedFutureBlocks } from './windowed-future-blocks.js';

const CHAIN = blocks(300);
const TIP = CHAIN.at(-1)?.hash;
const ENDLESS = Number.MAX_SAFE_INTEGER;
const open = closedAfterEach();
let lastAddress = 0;

const start = async (options: TestPeerOptions = {}): Promise<TestPeer> => open(await startTestPeer(options));

async function serve() {
  const server = await openBlockServer(CHAIN, { depth: 20, loss: 0.05 });
  open(server);
  return server;
}

/** A client from an address of its own that has shaken hands. */
async function client(node: TestPeer): Promise<PeerClient> {
  lastAddress += 1;
  const opened = await openPeerClient(node.peer, { from: `127.0.9.${lastAddress}` });
  open(opened);
  await opened.receive('Shake');
  return opened;
}

/** Sends invented blocks, from one address after the other, each until it is banned. */
async function inventBlocks(node: TestPeer, attackers: number): Promise<void> {
  for (let attacker = 0; attacker < attackers; attacker += 1) {
    const one = await client(node);
    one.send({ kind: 'Ping', height: ENDLESS, hash: '' });
    for (let number = 0; number < 60; number += 1) {
      const hash = (attacker * 100 + number).toString(16).toUpperCase().padStart(64, 'E');
      one.sendBlock({ ...(CHAIN[50] as Block), index: 1000 + number, hash });
    }
    await one.closed;
  }
}

const entries = async (node: TestPeer, structure: string): Promise<number> =>
  (await node.entries(structure)) ?? Number.NaN;

describe('seed 000, blocks', () => {
  it('P2P network future_blocks limited to prevent OOM: MAX_FUTURE_BLOCKS = 1000, and bytes beside it', async () => {
    expect(parseConfig('[net]', 'test').config.net).toMatchObject({
      max_future_blocks: 1000,
      max_future_blocks_mb: 16,
    });
    const node = await start({ blocks: CHAIN.slice(0, 60) });
    await inventBlocks(node, 10);
    expect(await entries(node, 'future_blocks')).toBe(0);
    expect((await node.chain()).counters.bans).toBe(10);
  });

  it('Smart cleanup preserves blocks needed for synchronization: what is needed next is never put out', () => {
    const future = new WindowedFutureBlocks({
      blocks: 50,
      bytes: 1 << 24,
      window: 2000,
      difficulty: PLAN.difficulty,
    });
    for (const block of [...CHAIN].reverse()) if (block.index > 1) future.offer({ block, from: 1 }, 0);
    expect(future.size().entries).toBe(50);
    for (let index = 2; index <= 51; index += 1) expect(future.has(index)).toBe(true);
  });

  it('P2P network seen_blocks limited to prevent memory accumulation: MAX_SEEN_BLOCKS = 10000', async () => {
    expect(parseConfig('[net]', 'test').config.net?.max_seen_blocks).toBe(10_000);
    const node = await start({ blocks: CHAIN.slice(0, 60), net: ['max_seen_blocks = 20'] });
    await inventBlocks(node, 3);
    expect(await entries(node, 'seen_blocks')).toBe(0);
  });

  it('seen_blocks cleanup works during active synchronization', async () => {
    const server = await serve();
    const node = await start({
      net: ['max_seen_blocks = 20', 'block_timeout_sec = 0.5'],
      peers: [server.endpoint],
    });
    const seen: number[] = [];
    await node.until(({ height }) => {
      void entries(node, 'seen_blocks').then((count) => seen.push(count));
      return height === CHAIN.length;
    });
    expect(await entries(node, 'seen_blocks')).toBeGreaterThanOrEqual(10);
    expect(Math.max(...seen, await entries(node, 'seen_blocks'))).toBeLessThanOrEqual(20);
    expect((await node.chain()).tip).toBe(TIP);
  });

  it('Synchronization not interrupted by memory limits', async () => {
    const servers = await Promise.all([serve(), serve(), serve()]);
    const node = await start({
      peers: servers.map(({ endpoint }) => endpoint),
      net: [
        'max_future_blocks = 20',
        'max_future_blocks_mb = 0.1',
        'max_seen_blocks = 10',
        'block_timeout_sec = 0.5',
      ],
    });
    const flood = inventBlocks(node, 20);
    expect(await node.until(({ height }) => height === CHAIN.length)).toMatchObject({ tip: TIP });
    await flood;
    const asked = servers.reduce((sum, server) => sum + server.asked.length, 0);
    expect(asked).toBeLessThan(CHAIN.length * 1.3);
  });
});

describe('seed 000, addresses of peers', () => {
  /** Has ten peers tell of fifteen addresses each. */
  async function tell(node: TestPeer): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) {
      const teller = await client(node);
      const peers = Array.from({ length: 15 }, (_, index) => `127.50.${turn}.${index + 1}:4244`);
      await teller.receive('GetPeers');
      teller.send({ kind: 'Peers', peers });
      teller.send({ kind: 'GetBlock', index: 1 });
      await teller.receive('Block');
    }
  }

  it('P2P network new_peers queue limited to prevent memory accumulation: MAX_NEW_PEERS = 1000', async () => {
    expect(parseConfig('[net]', 'test').config.net?.max_new_peers).toBe(1000);
    const limited = await start({
      blocks: CHAIN.slice(0, 2),
      net: ['max_new_peers = 50', 'dial_interval_sec = 100'],
    });
    await tell(limited);
    expect(await entries(limited, 'new_peers')).toBe(50);
  });

  it('new_peers FIFO eviction works correctly when limit reached', () => {
    const list = new SharedNewPeers(20);
    const peer = (number: number) => ({ address: `127.0.0.${number}`, port: 4244 });
    for (let number = 1; number <= 30; number += 1) list.offer([peer(number)], `teller ${number}`);
    const left = Array.from({ length: 20 }, () => list.take()?.address);
    expect(left).toEqual(Array.from({ length: 20 }, (_, index) => peer(index + 11).address));
    expect(list.take()).toBeNull();
  });

  it('max_new_peers configurable via config file (alfis.toml)', () => {
    const { config, ignoredKeys } = parseConfig(
      'origin = ""\n[net]\npeers = ["peer-v4.alfis.name:4244"]\nlisten = "[::]:4244"\nmax_new_peers = 250',
      'alfis.toml',
    );
    expect(config.net?.max_new_peers).toBe(250);
    expect(ignoredKeys).toEqual([]);
    expect(() => parseConfig('[net]\nmax_new_peers = 0', 'alfis.toml')).toThrow('[net] max_new_peers = 0');
  });

  it('max_new_peers value from config overrides default constant', async () => {
    const net = ['max_new_peers = 1200', 'dial_interval_sec = 100'];
    const [own, usual] = [
      await start({ blocks: CHAIN.slice(0, 2), net }),
      await start({ blocks: CHAIN.slice(0, 2), net: net.slice(1) }),
    ];
    const limitOf = async (node: TestPeer) =>
      (await node.health()).structures.find(({ name }) => name === 'new_peers')?.limit;
    expect([await limitOf(own), await limitOf(usual)]).toEqual([1200, 1000]);
    await tell(own);
    // Ten tell of fifteen each, and each may fill a tenth of the list.
    expect(await entries(own, 'new_peers')).toBe(150);
  });
});
