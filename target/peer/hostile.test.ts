import { describe, expect, it } from 'vitest';
import type { Block } from '../chain/block.js';
import { encodeBlock } from '../chain/block-codec.js';
import { CHAIN, junk, settled } from '../fixtures/attacker.js';
import { openBlockServer } from '../fixtures/block-server.js';
import { blocks } from '../fixtures/chain.js';
import { closedAfterEach } from '../fixtures/closing.js';
import {
  openPeerClient,
  openPeerServer,
  type PeerClient,
  type PeerClientOptions,
  shakenClient,
} from '../fixtures/peer-client.js';
import { startTestPeer, type TestPeer, type TestPeerOptions } from '../fixtures/peer-node.js';

const open = closedAfterEach();

const start = async (options: TestPeerOptions = {}): Promise<TestPeer> => open(await startTestPeer(options));

const shaken = async (node: TestPeer, options: PeerClientOptions = {}): Promise<PeerClient> =>
  open(await shakenClient(node.peer, options));

describe('what nobody asked for', () => {
  it('is dropped, and whoever sends much of it is banned', async () => {
    const node = await start({ blocks: CHAIN.slice(0, 10) });
    const client = await shaken(node, { from: '127.0.0.5' });
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
    const client = await shaken(node);
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
    open(liar);
    open(honest);
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
    open(liar);
    open(honest);
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
    open(other);
    await other.receive('Shake');
    other.send({ kind: 'Ping', height: 120, hash: CHAIN[119]?.hash ?? '' });
    await node.until(({ height }) => height === 120);
  });

  it('under a flood of junk from another one, the chain is complete and the same', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => openBlockServer(CHAIN, { depth: 5, loss: 0.05 })));
    for (const each of servers) open(each);
    const node = await start({
      peers: servers.map(({ endpoint }) => endpoint),
      net: ['block_timeout_sec = 0.3'],
      faults: ['seen-blocks'],
    });
    const attacker = await shaken(node, { from: '127.0.0.9' });
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
    open(told);
    open(teller);
    const node = await start({ peers: [teller.endpoint], net: ['dial_interval_sec = 0.1'] });
    await told.next();
    expect(await node.until(({ peers }) => peers === 2)).toMatchObject({ counters: { dialled: 2 } });
  });

  it('are those of public peers', async () => {
    const node = await start();
    const asking = await shaken(node);
    await shaken(node, { from: '127.0.0.12', introduction: { isPublic: true } });
    await shaken(node, { from: '127.0.0.13' });
    asking.send({ kind: 'GetPeers' });
    expect(await asking.receive('Peers')).toEqual({ kind: 'Peers', peers: ['127.0.0.12:4244'] });
  });
});
