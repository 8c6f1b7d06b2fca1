import { afterEach, describe, expect, it } from 'vitest';
import type { Block } from '../chain/block.js';
import { encodeBlock } from '../chain/block-codec.js';
import type { FaultId } from '../faults.js';
import { openBlockServer } from '../fixtures/block-server.js';
import { blocks } from '../fixtures/chain.js';
import {
  openPeerClient,
  openPeerServer,
  type PeerClient,
  type PeerClientOptions,
} from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer, type TestPeerOptions } from '../fixtures/peer-node.js';

const CHAIN = blocks(120);
const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(options: TestPeerOptions = {}): Promise<TestPeer> {
  const node = await startTestPeer(options);
  open.push(node);
  return node;
}

async function shakenClient(node: TestPeer, options: PeerClientOptions = {}): Promise<PeerClient> {
  const client = await openPeerClient(node.peer, options);
  await client.receive('Shake');
  open.push(client);
  return client;
}

/** A block that claims to be far ahead and is nothing of what it claims; its hash is as good as any. */
const junk = (number: number): Block => ({
  ...(CHAIN[50] as Block),
  index: 1000 + number,
  hash: `D${number.toString(16).toUpperCase().padStart(63, '0')}`,
});
/** Waits until the node has read everything that was sent, which it answers in order. */
async function settled(client: PeerClient): Promise<void> {
  client.send({ kind: 'GetBlock', index: 1 });
  await client.receive('Block');
}

describe('what nobody asked for', () => {
  it('is dropped, and whoever sends much of it is banned', async () => {
    const node = await start({ blocks: CHAIN.slice(0, 10) });
    const client = await shakenClient(node, { from: '127.0.0.5' });
    for (let number = 0; number < 20; number += 1) client.sendBlock(junk(number));
    await settled(client);
    expect(await node.entries('future_blocks')).toBe(0);
    expect(await node.entries('seen_blocks')).toBe(0);
    // The node asks for addresses when hands are shaken: the first answer is one.
    client.send({ kind: 'Peers', peers: [] });
    client.send({ kind: 'Peers', peers: ['127.0.0.99:4244'] });
    await client.closed;
    expect(await node.chain()).toMatchObject({ counters: { bans: 1, unasked: 21 } });
    expect(await node.entries('new_peers')).toBe(0);
    expect(await node.entries('banned_ips')).toBe(1);
  });

  it('is not looked at even when it would be the next block', async () => {
    const node = await start({ blocks: CHAIN.slice(0, 10) });
    const client = await shakenClient(node);
    client.sendBlock(CHAIN[10] as Block);
    await settled(client);
    expect((await node.chain()).height).toBe(10);
  });
});

describe('a peer that lies', () => {
  it.each<readonly [string, (block: Block) => { index: number; block: Buffer }]>([
    ['bytes that are no block', ({ index }) => ({ index, block: Buffer.from('no block') })],
    ['a block as another one', (block) => ({ index: block.index, block: encodeBlock(CHAIN[0] as Block) })],
    [
      'a block with a wrong hash',
      (block) => ({ index: block.index, block: encodeBlock({ ...block, random: 99 }) }),
    ],
    [
      'a block with a wrong signature',
      (block) => ({
        index: block.index,
        block: encodeBlock({ ...block, signature: (CHAIN[0] as Block).signature }),
      }),
    ],
  ])('by sending %s is banned, and the chain comes from another one', async (_what, lie) => {
    const liar = await openPeerServer(120, {
      from: '127.0.0.6',
      answer: (message, peer) => {
        if (message.kind === 'GetPeers') peer.send({ kind: 'Peers', peers: [] });
        if (message.kind !== 'GetBlock') return false;
        peer.send({ kind: 'Block', ...lie(CHAIN[message.index - 1] as Block) });
        return true;
      },
    });
    const honest = await openBlockServer(CHAIN);
    open.push(liar, honest);
    const node = await start({ peers: [liar.endpoint, honest.endpoint] });
    const { tip, counters } = await node.until(({ height }) => height === 120);
    expect(tip).toBe(CHAIN[119]?.hash);
    expect(counters.bans).toBe(1);
    expect(await node.entries('outgoing_peers')).toBe(1);
  });

  it('about a branch that leads nowhere holds up the chain for one deadline', async () => {
    const rivals = blocks(3, { seed: 'rival' }, CHAIN[1] as Block);
    const liar = await openPeerServer(5, {
      from: '127.0.0.6',
      answer: (message, peer) => {
        const block =
          message.kind === 'GetBlock' ? rivals.find(({ index }) => index === message.index) : undefined;
        if (block === undefined || block.index < 5) return message.kind === 'GetBlock';
        peer.sendBlock(block);
        return true;
      },
    });
    const honest = await openBlockServer(CHAIN);
    open.push(liar, honest);
    const node = await start({
      blocks: CHAIN.slice(0, 4),
      peers: [liar.endpoint],
      net: ['block_timeout_sec = 0.3'],
    });
    await node.until(({ counters: { blocksReceived } }) => blocksReceived > 0);
    const other = await openPeerClient(node.peer, {
      answer: (message, peer) => {
        if (message.kind !== 'GetBlock') return false;
        peer.sendBlock(CHAIN[message.index - 1] as Block);
        return true;
      },
    });
    open.push(other);
    await other.receive('Shake');
    other.send({ kind: 'Ping', height: 120, hash: CHAIN[119]?.hash ?? '' });
    await node.until(({ height }) => height === 120);
  });

  it('under a flood of junk from another one, the chain is complete and the same', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => openBlockServer(CHAIN, { depth: 5, loss: 0.05 })));
    open.push(...servers);
    const node = await start({
      peers: servers.map(({ endpoint }) => endpoint),
      net: ['block_timeout_sec = 0.3'],
      faults: ['seen-blocks'],
    });
    const attacker = await shakenClient(node, { from: '127.0.0.9' });
    let number = 0;
    const flood = setInterval(() => {
      for (let count = 0; count < 50; count += 1) {
        number += 1;
        attacker.sendBlock(junk(number));
      }
    }, 1);
    const { tip } = await node.until(({ height }) => height === 120);
    clearInterval(flood);
    expect(tip).toBe(CHAIN[119]?.hash);
  });
});

describe('addresses that a peer tells of', () => {
  it('are dialled when they are of this machine, fifteen of a message at most', async () => {
    const told = await openPeerServer(0, { from: '127.0.0.11' });
    const teller = await openPeerServer(0, {
      answer: (message, peer) => {
        if (message.kind !== 'GetPeers') return false;
        const others = Array.from({ length: 30 }, (_, index) => `192.0.2.${index}:4244`);
        peer.send({
          kind: 'Peers',
          peers: [`127.0.0.11:${told.endpoint.port}`, '10.0.0.1:4244', 'x', ...others],
        });
        return true;
      },
    });
    open.push(told, teller);
    const node = await start({ peers: [teller.endpoint], net: ['dial_interval_sec = 0.1'] });
    await told.next();
    expect(await node.until(({ peers }) => peers === 2)).toMatchObject({ counters: { dialled: 2 } });
  });

  it('are those of public peers', async () => {
    const node = await start();
    const asking = await shakenClient(node);
    await shakenClient(node, { from: '127.0.0.12', introduction: { isPublic: true } });
    await shakenClient(node, { from: '127.0.0.13' });
    asking.send({ kind: 'GetPeers' });
    expect(await asking.receive('Peers')).toEqual({ kind: 'Peers', peers: ['127.0.0.12:4244'] });
  });
});

describe('the faults', () => {
  const addresses = (turn: number): string[] =>
    Array.from({ length: 500 }, (_, index) => `127.${turn + 1}.${index >> 8}.${index & 255}:4244`);

  async function attack(node: TestPeer): Promise<void> {
    const attacker = await shakenClient(node, { from: '127.0.0.9' });
    attacker.send({ kind: 'Ping', height: Number.MAX_SAFE_INTEGER, hash: '' });
    for (let number = 0; number < 500; number += 1) attacker.sendBlock(junk(number * 3));
    for (let turn = 0; turn < 4; turn += 1) attacker.send({ kind: 'Peers', peers: addresses(turn) });
    await settled(attacker);
  }

  it.each<readonly [FaultId, string]>([
    ['future-blocks', 'future_blocks'],
    ['seen-blocks', 'seen_blocks'],
    ['new-peers', 'new_peers'],
  ])('%s keeps what an attacker sends, within no bounds, and the others do not', async (fault, structure) => {
    const node = await start({
      blocks: CHAIN.slice(0, 10),
      faults: [fault],
      net: ['max_new_peers = 50', 'max_future_blocks = 100', 'dial_interval_sec = 100'],
    });
    await attack(node);
    const { structures } = await node.health();
    for (const { name, entries, limit } of structures) {
      if (name === structure) expect([entries >= 500, limit]).toEqual([true, null]);
      else if (['future_blocks', 'seen_blocks', 'new_peers'].includes(name))
        expect(entries).toBeLessThanOrEqual(50);
    }
    const told = structures.find(({ name }) => name === 'new_peers');
    expect(told?.limit).toBe(fault === 'new-peers' ? null : 50);
    // It is a node all the same.
    const server = await openBlockServer(CHAIN);
    open.push(server);
    const honest = await start({ blocks: CHAIN.slice(0, 10), faults: [fault], peers: [server.endpoint] });
    await honest.until(({ height }) => height === 120);
  });

  it('inbound-peers takes every connection', async () => {
    const net = ['max_inbound_peers = 5', 'max_inbound_peers_per_ip = 5'];
    const [leaky, fixed] = [await start({ net, faults: ['inbound-peers'] }), await start({ net })];
    await Promise.all(Array.from({ length: 30 }, () => shakenClient(leaky)));
    expect(await leaky.entries('inbound_peers')).toBe(30);
    await Promise.all(Array.from({ length: 5 }, () => shakenClient(fixed)));
    await expect(shakenClient(fixed)).rejects.toThrow('closed before a key');
    expect(await fixed.entries('inbound_peers')).toBe(5);
  });

  it('banned-ips keeps every ban', async () => {
    const net = ['max_banned_ips = 10'];
    const nodes = [
      await start({ net, faults: ['banned-ips'], blocks: CHAIN }),
      await start({ net, blocks: CHAIN }),
    ];
    const bans = await Promise.all(
      nodes.map(async (node) => {
        for (let number = 1; number <= 40; number += 1) {
          const introduction = { origin: 'AB'.repeat(32) };
          await (await openPeerClient(node.peer, { from: `127.0.3.${number}`, introduction })).closed;
        }
        return node.entries('banned_ips');
      }),
    );
    expect(bans).toEqual([40, 10]);
  });

  it('a chain that a leaky node wrote opens in a fixed one', async () => {
    const server = await openBlockServer(CHAIN);
    open.push(server);
    const faults: readonly FaultId[] = [
      'future-blocks',
      'seen-blocks',
      'new-peers',
      'inbound-peers',
      'banned-ips',
    ];
    const leaky = await startTestPeer({ faults, peers: [server.endpoint] });
    await leaky.until(({ height }) => height === 120);
    await leaky.close();
    const fixed = await start({ folder: leaky.folder });
    expect(await fixed.chain()).toMatchObject({ height: 120, tip: CHAIN[119]?.hash });
  });
});
